"""Registration."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "consult.requests"

    def ready(self) -> None:
        from consult.requests import clock_handlers, fhir
        from telemed.core import publication

        publication.register(fhir.CASE)
        clock_handlers.register()
