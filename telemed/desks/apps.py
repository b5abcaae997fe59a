"""Registration."""

from django.apps import AppConfig


class DesksConfig(AppConfig):
    name = "telemed.desks"

    def ready(self) -> None:
        from telemed.desks import rules

        rules.define()
