"""Registration."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "consult.archive"

    def ready(self) -> None:
        from consult.archive import fhir, panels, services, subscribers
        from consult.requests.events import CaseAddedTo, CaseClosed
        from consult.requests.panels import register
        from telemed.core import clocks, outbox, publication

        publication.register(fhir.COPY)
        register(panels.COPIES)
        for event in (CaseClosed, CaseAddedTo):
            outbox.subscribe(event, subscribers.file_copies)
        clocks.register(services.THREAD, subscribers.file_thread)
