"""Registration."""

from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "scheduling.availability"

    def ready(self) -> None:
        from scheduling.availability import clock_handlers, fhir, rules
        from telemed.core import publication

        rules.define()
        publication.register(fhir.SCHEDULE)
        clock_handlers.register()
