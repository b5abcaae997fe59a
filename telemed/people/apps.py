"""Registration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "telemed.people"

    def ready(self) -> None:
        from telemed.core import publication
        from telemed.people import fhir, rules

        rules.define()
        publication.register(fhir.PRACTITIONER)
        publication.register(fhir.PRACTITIONER_ROLE)
