"""Registration."""

from django.apps import AppConfig


class RotaConfig(AppConfig):
    name = "telemed.rota"

    def ready(self) -> None:
        from telemed.rota import clock_handlers, rules

        rules.define()
        clock_handlers.register()
