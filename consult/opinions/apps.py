"""Registration."""

from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    name = "consult.opinions"

    def ready(self) -> None:
        from consult.opinions import fhir, panels
        from consult.requests.panels import register
        from telemed.core import publication

        publication.register(fhir.OPINION)
        register(panels.DRAFT)
        register(panels.OPINIONS)
