"""What happens to a case changes who may be in its room."""

from typing import Any
from uuid import UUID

from consult.opinions import services as opinions
from consult.rooms import services
from consult.rooms.ported import open_room_of
from records.imaging.queries import find_shipment


def ask_statements(payload: dict[str, Any]) -> None:
    """The experts of a joint consult have met; seen twice, nobody is asked twice."""
    opinions.ask_statements(case_id=UUID(payload["case_id"]))


def note_arrived(payload: dict[str, Any]) -> None:
    """Seen twice, the room's log has said it already."""
    shipment = find_shipment(UUID(payload["shipment_id"]))
    room_id = open_room_of(shipment.about) if shipment else None
    if shipment and room_id:
        services.note_arrived(room_id=room_id, shipment_id=shipment.pk)


def note_signed(payload: dict[str, Any]) -> None:
    if room_id := open_room_of(UUID(payload["case_id"])):
        services.note_signed(room_id=room_id, version=payload["version"])


def note_asked(payload: dict[str, Any]) -> None:
    if room_id := open_room_of(UUID(payload["case_id"])):
        services.note_asked(room_id=room_id, question_id=UUID(payload["question_id"]))


def note_scheduled(payload: dict[str, Any]) -> None:
    if room_id := open_room_of(UUID(payload["case_id"])):
        services.note_scheduled(room_id=room_id)


def ask_again(payload: dict[str, Any]) -> None:
    """The open sockets of the case's room read their rights again at once, not at the next look."""
    room_id = open_room_of(UUID(payload["case_id"]))
    if room_id:
        services.recheck_room(room_id=room_id)
        services.put_out_strangers(room_id=room_id)
