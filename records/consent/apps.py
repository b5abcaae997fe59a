"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ConsentConfig(AppConfig):
    name = "records.consent"

    def ready(self) -> None:
        from records.consent import (
            access,
            breakglass,
            breakglass_fhir,
            fhir,
            messages,
            relationships,
            services,
            signals,
        )
        from records.consent.breakglass_queries import REVIEWERS
        from records.consent.waiting import break_glass_to_review
        from records.mpi import merge_checks
        from telemed.core import clocks, publication
        from telemed.people.models import CLINICAL, Role
        from telemed.web import navigation, needs

        messages.register_all()
        signals.define()
        signals.register()
        publication.register(fhir.CONSENT)
        publication.register(breakglass_fhir.BREAK_GLASS)
        clocks.register(breakglass.SESSION, breakglass.end_by_clock)
        clocks.register(breakglass.REVIEW, breakglass.press_for_review)
        needs.register(Role.MEDICAL_OFFICE, break_glass_to_review)
        for relationship in (
            relationships.EMERGENCY_ACCESS,  # first: it marks each view
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
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Emergency access"),
                url_name="breakglass:reviews",
                icon="lock",
                roles=REVIEWERS,
                order=62,
            )
        )
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Looks"),
                url_name="looks:search",
                icon="eye",
                roles=frozenset({Role.AUDITOR}),
                order=61,
            )
        )
