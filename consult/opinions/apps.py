"""Registration."""

from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    name = "consult.opinions"

    def ready(self) -> None:
        from consult.opinions import fhir
        from telemed.core import publication

        publication.register(fhir.OPINION)
