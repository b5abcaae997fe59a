"""Registration."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "consult.requests"
