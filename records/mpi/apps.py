"""Registration."""

from django.apps import AppConfig


class MpiConfig(AppConfig):
    name = "records.mpi"

    def ready(self) -> None:
        from records.mpi import fhir, messages, services
        from telemed.core import clocks, publication

        publication.register(fhir.PATIENT)
        messages.register_all()
        clocks.register("person.identify", lambda clock: services.remind_to_identify(clock=clock))
