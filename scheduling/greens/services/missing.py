"""A patient on the road who is not at the hospital when they should be."""

from uuid import UUID

from django.utils import timezone

from scheduling.greens.models import Green
from scheduling.greens.queries import is_missed, lock_green
from scheduling.greens.services.telling import clinic_of, ring, team_of, tell
from scheduling.referrals.services.telling import senders_of
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle

MISSED = "green.missed"


def follow_missed(*, green_id: UUID) -> None:
    """
    Both sides hear it at once, and who sent is phoned: they know the crew, and what became of the
    patient. It ends with what is entered by hand, or with the stamp of the door.
    """
    require_intention()
    green = lock_green(green_id)
    if not is_missed(green):
        return
    referral = green.referral
    turn = referral.steps.filter(action="referral.miss").count()
    at = referral.expected_at
    time = f"{timezone.localtime(at):%H:%M}" if at else ""
    senders = senders_of(referral)
    tell(green, senders, MISSED, turn=turn, by_phone=True, time=time)
    others = [one for one in clinic_of(referral) if one not in senders]
    tell(green, [*others, *team_of(referral.department)], MISSED, turn=turn, time=time)
    ring(green)


def note_found(green: Green) -> None:
    """At the door, or on the road after all: nobody is phoned about that any more."""
    require_intention()
    settle(about=green.pk, template=MISSED)
