"""Registration."""

from django.apps import AppConfig


class FhirConfig(AppConfig):
    name = "records.fhir"

    def ready(self) -> None:
        from records.fhir import messages, store
        from records.fhir import partitions as months
        from telemed.core import partitions, publication

        messages.register_all()
        partitions.register(months.make_months)
        publication.connect(store.keep_published, store.keep_new, store.keep_next)
