"""What somebody's line and devices were good for when they came in."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.rooms.lines import bears
from consult.rooms.models import Participant, RoomEvent
from consult.rooms.queries import CHECKED
from consult.rooms.services.log import append, find_repeated, lock_place
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def note_check(
    *,
    actor: User,
    room_id: UUID,
    client_id: UUID,
    up_kbit_s: int,
    down_kbit_s: int,
    rtt_ms: int,
    loss: float,
    way: str,
    echo: str,
) -> RoomEvent:
    """Note what the actor's page measured before it came in; what that bears is judged here."""
    require_intention()
    place = lock_place(actor, room_id)
    require(place.status in Participant.HERE, _("You are not in this room now."))
    line = {"up_kbit_s": up_kbit_s, "down_kbit_s": down_kbit_s, "rtt_ms": rtt_ms, "loss": loss}
    noted = find_repeated(place.room, actor, client_id)
    return noted or append(
        place.room,
        CHECKED,
        by=actor,
        client_id=client_id,
        bears=bears(**line),  # type: ignore[arg-type]
        way=way,
        echo=echo,
        **line,
    )
