"""Registration."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "telemed.core"
