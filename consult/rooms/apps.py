"""Registration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class RoomsConfig(AppConfig):
    name = "consult.rooms"

    def ready(self) -> None:
        from django.core import checks

        from consult.archive import further
        from consult.opinions.events import OpinionSigned
        from consult.requests import roomport
        from consult.requests.events import (
            CaseAsked,
            CaseCancelled,
            CaseClosed,
            CaseHandedOver,
            CaseReturned,
            CaseScheduled,
        )
        from consult.requests.panels import register
        from consult.rooms import (
            fhir,
            filing,
            messages,
            panels,
            ported,
            rules,
            services,
            signals,
            subscribers,
        )
        from consult.rooms.engines import chosen
        from consult.rooms.events import RoomEnded
        from records.imaging.events import ShipmentMoved
        from telemed.core import clocks, outbox, publication
        from telemed.people.models import Role
        from telemed.web import navigation

        messages.register_all()
        register(panels.RECORDS)
        further.add(filing.RECORDS)
        chosen.connect_chosen()
        checks.register(chosen.check_calls, checks.Tags.security, deploy=True)
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Rooms"),
                url_name="rooms:board",
                icon="door",
                roles=frozenset({Role.COORDINATOR}),
                order=25,
            )
        )
        publication.register(fhir.ROOM)
        rules.define()
        signals.define()
        signals.register()
        for kind in (rules.IDLE, rules.LEGAL, rules.LINE):
            clocks.register(kind, lambda clock: services.climb(clock=clock))
        roomport.connect(
            is_live=ported.is_live,
            present=ported.present_sides,
            time_live=ported.time_live,
            people_in=ported.present_people,
            lapse=services.lapse_room,
            open_ahead=services.open_ahead,
        )
        for event in (CaseCancelled, CaseClosed, CaseHandedOver, CaseReturned):
            outbox.subscribe(event, subscribers.ask_again)
        outbox.subscribe(RoomEnded, subscribers.ask_statements)
        outbox.subscribe(ShipmentMoved, subscribers.note_arrived)
        outbox.subscribe(OpinionSigned, subscribers.note_signed)
        outbox.subscribe(CaseAsked, subscribers.note_asked)
        outbox.subscribe(CaseScheduled, subscribers.note_scheduled)
