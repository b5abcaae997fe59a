"""Looking at somebody else's work leaves a trace."""

from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.people.models import User


def note_look(*, actor: User, doctor: User) -> None:
    """Who of the hospital looked at whose credit; looking at one's own is nobody's business."""
    require_intention()
    if actor.pk != doctor.pk:
        audit.record(action="credit.read", target=doctor)
