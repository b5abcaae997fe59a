"""Registration."""

from django.apps import AppConfig


class MpiConfig(AppConfig):
    name = "records.mpi"
