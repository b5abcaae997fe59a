"""What a case's page and its room show of recordings."""

from typing import Any

from consult.recordings.queries import recordings_for
from consult.requests.models import Case
from consult.requests.panels import Panel
from consult.rooms.models import Room
from consult.rooms.plugs import Part
from telemed.people.models import User


def recordings_panel(actor: User, case: Case) -> dict[str, Any] | None:
    found = recordings_for(actor, case)
    return {"recordings": found} if found else None


def room_part(actor: User, room: Room) -> dict[str, Any]:
    return {"room": room}


RECORDINGS = Panel(template="recordings/_list.html", context=recordings_panel, below=True)
IN_ROOM = Part(head="recordings/_head.html", body="recordings/_body.html", context=room_part)
