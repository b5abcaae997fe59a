"""Registration."""

from django.apps import AppConfig


class MpiConfig(AppConfig):
    name = "records.mpi"

    def ready(self) -> None:
        from records.mpi import fhir, messages
        from telemed.core import publication

        publication.register(fhir.PATIENT)
        messages.register_all()
