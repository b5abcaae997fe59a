"""Registration."""

from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "scheduling.availability"

    def ready(self) -> None:
        from scheduling.availability import clock_handlers, rules

        rules.define()
        clock_handlers.register()
