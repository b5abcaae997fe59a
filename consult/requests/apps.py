"""Registration."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "consult.requests"

    def ready(self) -> None:
        from consult.requests import clock_handlers, fhir, indicators
        from telemed.core import publication
        from telemed.oversight.indicators import register

        publication.register(fhir.CASE)
        register(indicators.SOURCE)
        clock_handlers.register()
