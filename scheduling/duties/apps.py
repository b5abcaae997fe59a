"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DutiesConfig(AppConfig):
    name = "scheduling.duties"

    def ready(self) -> None:
        from scheduling.duties import (
            calendar,
            clock_handlers,
            events,
            fhir,
            indicators,
            messages,
            queries,
            rates,
            replying,
            rules,
            signals,
            subscribers,
            taken_over,
        )
        from scheduling.referrals.events import ReferralClosed
        from scheduling.registration import events as contracts
        from scheduling.registration import included, limited, promises
        from telemed.core import outbox, publication
        from telemed.organisations.models import Organisation
        from telemed.oversight.indicators import register
        from telemed.people.models import Role
        from telemed.web import kits, navigation

        rules.define()
        signals.register()
        signals.define()
        for mapping in fhir.MAPPINGS:
            publication.register(mapping)
        clock_handlers.register()
        messages.register_all()
        replying.register()
        register(indicators.SOURCE)
        promises.register(rates.kept_by, rates.beside)
        limited.register(calendar.LIMITABLE, queries.used_in)
        included.register(calendar.NAMEABLE, queries.used_by_name)
        kits.register(kits.Kit("duties:kit", under="/family-doctor/duties/"))
        for event, subscriber in (
            (contracts.ContractActivated, subscribers.begin),
            (contracts.ContractEnded, subscribers.close),
            (contracts.ContractLapsed, subscribers.close),
            (ReferralClosed, taken_over.plan_after_care),
            (events.DutyServed, taken_over.tick_off),
            (events.DutyServed, subscribers.tell_served),
            (events.DutyDisputed, subscribers.tell_disputed),
            (events.DutyWarned, subscribers.tell_warned),
            (events.GroupProposed, subscribers.tell_proposed),
        ):
            outbox.subscribe(event, subscriber)
        for label, url_name, role, kinds, order in (
            (
                _("Services due"),
                "duties:day",
                Role.TOWNSHIP_DOCTOR,
                frozenset({Organisation.Kind.TOWNSHIP_CLINIC}),
                41,
            ),
            (
                pgettext_lazy("navigation", "Disputes"),
                "duties:county",
                Role.COORDINATOR,
                frozenset[str](),
                49,
            ),
            (_("Done for me"), "duties:mine", Role.RESIDENT, frozenset[str](), 65),
        ):
            navigation.register(
                navigation.Item(
                    label=label,
                    url_name=url_name,
                    icon="check",
                    roles=frozenset({role}),
                    kinds=kinds,
                    order=order,
                )
            )
