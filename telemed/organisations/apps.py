"""Registration."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "telemed.organisations"

    def ready(self) -> None:
        from telemed.core import publication
        from telemed.organisations import fhir, rules

        publication.register(fhir.ORGANISATION)
        rules.define()
