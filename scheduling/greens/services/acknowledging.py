"""The team says that it has heard, within five minutes; nobody can decline."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.greens.events import GreenAcknowledged
from scheduling.greens.models import Green, Status
from scheduling.greens.policies import ACKNOWLEDGE
from scheduling.greens.queries import get_green
from scheduling.greens.services.telling import clinic_of, ring, tell
from scheduling.referrals.services import greens as referrals
from telemed.core import moments, outbox
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Forbidden
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle
from telemed.people.models import User


def acknowledge(*, actor: User, green_id: UUID) -> Green:
    """The first has it, of whichever hospital was called; again by the same: the present state."""
    require_intention()
    green = get_green(actor, green_id, lock=True)
    if green.status == Status.ACKNOWLEDGED and green.acknowledged_by_id == actor.pk:
        return green
    if green.status == Status.ACKNOWLEDGED:
        raise _taken(green)
    green.become(Status.ACKNOWLEDGED)
    if not referrals.take_green(actor=actor, referral=green.referral):
        raise Forbidden(_("Only the department that was called acknowledges."))
    green.acknowledged_by, green.acknowledged_at = actor, moments.now()
    green.save()
    stop_clocks(about=green.pk, kind=ACKNOWLEDGE)
    settle(about=green.pk)
    here = green.referral.organisation.name
    referrals.note(green.referral, "green.acknowledge", org=here)
    outbox.announce(GreenAcknowledged(green_id=green.pk))
    tell(green, clinic_of(green.referral), "green.acknowledged", org=here, who=actor.name)
    ring(green)
    return green


def _taken(green: Green) -> Conflict:
    """Somebody else was quicker: who and when."""
    who, at = green.acknowledged_by, green.acknowledged_at
    sentence = _("{who} acknowledged at {time}.")
    time = f"{timezone.localtime(at):%H:%M}" if at else ""
    return Conflict(sentence.format(who=who.name if who else "", time=time), path="status")
