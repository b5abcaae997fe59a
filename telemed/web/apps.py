"""Registration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "telemed.web"
