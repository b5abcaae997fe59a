"""Registration."""

from django.apps import AppConfig


class MpiConfig(AppConfig):
    name = "records.mpi"

    def ready(self) -> None:
        from records.mpi import fhir
        from telemed.core import publication

        publication.register(fhir.PATIENT)
