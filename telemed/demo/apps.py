"""Registration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "telemed.demo"

    def ready(self) -> None:
        from telemed.demo import queries
        from telemed.organisations import progress

        progress.register(queries.find_progress)
