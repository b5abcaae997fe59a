"""What happens to a case changes who may be in its room."""

from typing import Any
from uuid import UUID

from consult.opinions import services as opinions
from consult.rooms import services
from consult.rooms.ported import open_room_of


def ask_statements(payload: dict[str, Any]) -> None:
    """The experts of a joint consult have met; seen twice, nobody is asked twice."""
    opinions.ask_statements(case_id=UUID(payload["case_id"]))


def ask_again(payload: dict[str, Any]) -> None:
    """The open sockets of the case's room read their rights again at once, not at the next look."""
    room_id = open_room_of(UUID(payload["case_id"]))
    if room_id:
        services.recheck_room(room_id=room_id)
        services.put_out_strangers(room_id=room_id)
