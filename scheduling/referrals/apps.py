"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "scheduling.referrals"

    def ready(self) -> None:
        from records.chart import sections
        from records.mpi import merge_checks
        from records.mpi.events import PersonDeceased
        from scheduling.appointments import acts
        from scheduling.appointments.events import (
            AppointmentArrived,
            AppointmentCancelled,
            AppointmentMoved,
        )
        from scheduling.referrals import (
            clock_handlers,
            contributions,
            fhir,
            merging,
            messages,
            rules,
            subscribers,
            waiting,
            work_in_hand,
        )
        from scheduling.referrals.permissions import STAFF
        from telemed.core import outbox, publication
        from telemed.people import open_work
        from telemed.people.models import Role
        from telemed.web import navigation, needs

        for mapping in fhir.MAPPINGS:
            publication.register(mapping)
        rules.define()
        clock_handlers.register()
        messages.register_all()
        merge_checks.register("referrals", merging.both_referred)
        merge_checks.register_step("referrals", merge=merging.repoint, separate=merging.part)
        sections.register(contributions.REFER)
        sections.register(contributions.REFERRALS)
        acts.register("referrals/_visit.html", contributions.refers_after)
        acts.register("referrals/_visit_down.html", contributions.sends_down_after)
        for event, subscriber in (
            (AppointmentArrived, subscribers.arrive),
            (AppointmentMoved, subscribers.move),
            (AppointmentCancelled, subscribers.lose_visit),
            (PersonDeceased, subscribers.end_for_death),
        ):
            outbox.subscribe(event, subscriber)
        for role in STAFF - {Role.DESK}:  # the desk's first page is its day
            needs.register(role, waiting.referrals_waiting)
        open_work.register(
            "referral",
            work_in_hand.held,
            work_in_hand.move,
            label=_("Referrals"),
            of_shift=False,
        )
        navigation.register(
            navigation.Item(
                label=_("Referrals"),
                url_name="referrals:list",
                icon="refer",
                roles=STAFF,
                order=25,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Referrals"),
                url_name="referrals:mine",
                icon="refer",
                roles=frozenset({Role.RESIDENT}),
                order=60,
            )
        )
