"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "records.consent"

    def ready(self) -> None:
        from records.consent import access, fhir, messages, relationships, services
        from records.mpi import merge_checks
        from telemed.core import publication
        from telemed.people.models import CLINICAL
        from telemed.web import navigation

        messages.register_all()
        publication.register(fhir.CONSENT)
        for relationship in (
            relationships.SELF,
            relationships.DELEGATE,
            relationships.TREATED,
            relationships.CASE,
            relationships.BOOKED,
            relationships.FAMILY,
            relationships.REFERRED,
        ):
            access.register(relationship)
        merge_checks.register_step("care", merge=services.share_care, separate=services.part_care)
        navigation.register(
            navigation.Item(
                label=_("Patients"),
                url_name="patients:search",
                icon="users",
                roles=frozenset(CLINICAL),
                order=30,
            )
        )
