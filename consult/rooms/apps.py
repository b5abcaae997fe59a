"""Registration."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class RoomsConfig(AppConfig):
    name = "consult.rooms"

    def ready(self) -> None:
        from django.core import checks

        from consult.requests import roomport
        from consult.requests.events import CaseCancelled, CaseClosed, CaseHandedOver, CaseReturned
        from consult.rooms import fhir, messages, queries, subscribers
        from consult.rooms.engines import chosen
        from consult.rooms.events import RoomEnded
        from telemed.core import outbox, publication
        from telemed.people.models import Role
        from telemed.web import navigation

        messages.register_all()
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
        roomport.connect(
            is_live=queries.is_live,
            present=queries.present_sides,
            time_live=queries.time_live,
            people_in=queries.present_people,
        )
        for event in (CaseCancelled, CaseClosed, CaseHandedOver, CaseReturned):
            outbox.subscribe(event, subscribers.ask_again)
        outbox.subscribe(RoomEnded, subscribers.ask_statements)
