"""Registration."""

from django.apps import AppConfig


class ImagingConfig(AppConfig):
    name = "records.imaging"

    def ready(self) -> None:
        from records.imaging import fhir
        from telemed.core import publication

        publication.register(fhir.IMAGING_STUDY)
