"""Registration."""

from django.apps import AppConfig


class RotaConfig(AppConfig):
    name = "telemed.rota"
