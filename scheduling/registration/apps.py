"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "scheduling.registration"

    def ready(self) -> None:
        from records.chart import sections
        from records.mpi import merge_checks
        from records.mpi.events import PersonDeceased
        from scheduling.appointments import signed, video
        from scheduling.registration import (
            clock_handlers,
            contributions,
            events,
            fhir,
            merging,
            messages,
            queries,
            rules,
            subscribers,
            waiting,
            work_in_hand,
        )
        from scheduling.registration.permissions import KEEPERS
        from telemed.core import outbox, publication
        from telemed.organisations.models import Organisation
        from telemed.people import open_work
        from telemed.people.events import AccountDisabled, LicenceExpired, LicenceSuspended
        from telemed.people.models import Role
        from telemed.web import navigation, needs

        rules.define()
        for mapping in fhir.MAPPINGS:
            publication.register(mapping)
        clock_handlers.register()
        merge_checks.register("contracts", merging.both_signed)
        merge_checks.register_step("contracts", merge=merging.repoint, separate=merging.part)
        messages.register_all()
        signed.register(queries.cared_for)
        video.register(queries.is_own_doctor)
        sections.register(contributions.TEAM)
        for event, subscriber in (
            (events.ContractApplied, subscribers.tell_applied),
            (events.ContractAgreed, subscribers.tell_agreed),
            (events.ContractRejected, subscribers.tell_rejected),
            (events.ContractSigned, subscribers.tell_signed),
            (events.ContractRenewalAsked, subscribers.tell_renewal),
            (events.ContractLapsed, subscribers.tell_lapsed),
            (events.ContractEnded, subscribers.tell_ended),
            (PersonDeceased, subscribers.end_for_death),
            (events.ContractTakenOver, subscribers.tell_taken_over),
            (events.TeamHandedOver, subscribers.tell_team_handed_over),
            (AccountDisabled, subscribers.tell_leader_gone),
            (LicenceSuspended, subscribers.tell_leader_gone),
            (LicenceExpired, subscribers.tell_leader_gone),
            (AccountDisabled, subscribers.pass_on),
            (LicenceSuspended, subscribers.pass_on),
            (LicenceExpired, subscribers.pass_on),
            (events.DoctorGone, subscribers.pass_on_part),
        ):
            outbox.subscribe(event, subscriber)
        open_work.register(
            "contract",
            work_in_hand.held,
            work_in_hand.move,
            label=_("Family doctor"),
            of_shift=False,
        )
        clinic = frozenset({Organisation.Kind.TOWNSHIP_CLINIC})
        for roles, url_name, kinds, order in (
            (frozenset({Role.RESIDENT}), "contracts:home", frozenset[str](), 20),
            (frozenset({Role.TOWNSHIP_DOCTOR}), "contracts:desk", clinic, 40),
            (frozenset(KEEPERS), "contracts:teams", clinic, 47),
        ):
            navigation.register(
                navigation.Item(
                    label=_("Family doctor"),
                    url_name=url_name,
                    icon="users",
                    roles=roles,
                    kinds=kinds,
                    order=order,
                )
            )
        for role in sorted(KEEPERS):
            needs.register(role, waiting.teams_without_leader)
        needs.register(Role.TOWNSHIP_DOCTOR, waiting.applications)
        navigation.register(
            navigation.Item(
                label=_("Family doctor"),
                url_name="contracts:left",
                icon="users",
                roles=frozenset({Role.COORDINATOR}),
                order=48,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Packages"),
                url_name="contracts:packages",
                icon="list",
                roles=frozenset({Role.ADMINISTRATOR}),
                kinds=frozenset({Organisation.Kind.AUTHORITY}),
                order=47,
            )
        )
