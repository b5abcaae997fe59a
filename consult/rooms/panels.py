"""What the page of a case shows of its rooms."""

from typing import Any

from consult.requests.models import Case
from consult.requests.panels import Panel
from consult.rooms.record import companions, records_of
from telemed.core import moments
from telemed.people.models import User


def records_panel(actor: User, case: Case) -> dict[str, Any] | None:
    """When they met and who was there; None before anybody did."""
    rooms = records_of(actor, case)
    if not rooms:
        return None
    names, now = companions(rooms), moments.now()
    met = [
        {
            "room": room,
            "names": names[room.pk],
            "counted": room.counted(now) if room.live_at else None,
        }
        for room in rooms
    ]
    return {"met": met}


RECORDS = Panel(template="rooms/_records.html", context=records_panel, below=True)
