"""Registration."""

from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    name = "consult.opinions"

    def ready(self) -> None:
        from consult.opinions import fhir, messages, panels
        from consult.requests.panels import register
        from telemed.core import publication

        publication.register(fhir.OPINION)
        messages.register_all()
        register(panels.DRAFT)
        register(panels.OPINIONS)
        register(panels.WITHDRAWAL)
