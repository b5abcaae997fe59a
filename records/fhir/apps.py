"""Registration."""

from django.apps import AppConfig


class FhirConfig(AppConfig):
    name = "records.fhir"

    def ready(self) -> None:
        from records.fhir import partitions as months
        from records.fhir import store
        from telemed.core import partitions, publication

        partitions.register(months.make_months)
        publication.connect(store.keep_published)
