"""Registration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "telemed.organisations"

    def ready(self) -> None:
        from telemed.core import publication
        from telemed.organisations import clock_handlers, fhir, rules

        publication.register(fhir.ORGANISATION)
        publication.register(fhir.AGREEMENT)
        clock_handlers.register()
        rules.define()
