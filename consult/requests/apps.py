"""Registration."""

from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "consult.requests"

    def ready(self) -> None:
        from consult.requests import (
            activity,
            clock_handlers,
            contributions,
            fhir,
            indicators,
            ladder_rules,
            messages,
            network,
            prices,
            rules,
            sending_images,
            signals,
            subscribers,
            work_in_hand,
        )
        from consult.requests.events import CaseRouted
        from consult.requests.views.lists import home
        from records.chart import sections
        from records.imaging import purposes
        from records.imaging.events import ShipmentMoved
        from records.mpi import merge_checks
        from records.mpi.events import PersonDeceased
        from telemed.core import outbox, publication
        from telemed.organisations import work
        from telemed.organisations.models import Service
        from telemed.oversight import activity as oversight_activity
        from telemed.oversight.indicators import register
        from telemed.people.events import AccountDisabled, LicenceExpired, LicenceSuspended
        from telemed.people.models import Role
        from telemed.web import homes, kits, navigation

        messages.register_all()
        for mapping in fhir.MAPPINGS:
            publication.register(mapping)
        register(indicators.SOURCE)
        oversight_activity.register(activity.last_asked, Service.CONSULT)
        signals.register()
        signals.define()
        prices.register()
        rules.define()
        ladder_rules.define()
        clock_handlers.register()
        outbox.subscribe(PersonDeceased, subscribers.end_for_death)
        outbox.subscribe(CaseRouted, subscribers.break_silence)
        outbox.subscribe(ShipmentMoved, subscribers.attach_arrived)
        purposes.register(sending_images.find_purpose)
        for event in (LicenceSuspended, LicenceExpired, AccountDisabled):
            outbox.subscribe(event, partial(subscribers.return_work, topic=event.topic))
        work_in_hand.register()
        work.register(network.open_under)
        merge_checks.register("consult", network.open_of_both)
        sections.register(contributions.ASK)
        sections.register(contributions.CONSULTS)
        overseeing = {Role.COORDINATOR, Role.DIRECTOR, Role.MEDICAL_OFFICE}
        everybody = frozenset({Role.TOWNSHIP_DOCTOR, Role.SPECIALIST} | overseeing)
        kits.register(kits.Kit("requests:kit"))
        for role in everybody:
            homes.register(role, home)
        navigation.register(
            navigation.Item(
                label=_("Consults"),
                url_name="requests:list",
                icon="consult",
                roles=everybody,
                order=20,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Emergency consult"),
                url_name="requests:emergency",
                icon="alert",
                roles=frozenset({Role.TOWNSHIP_DOCTOR}),
                urgent=True,
                key="e",
            )
        )
