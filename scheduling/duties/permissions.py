"""Rules of state and of the house about duties. Pure."""

from scheduling.duties.models import Code, Duty, Reason
from telemed.notifications.persons import Voice
from telemed.people.models import Role, User

WAIVABLE = (Reason.AWAY, Reason.REFUSED, Reason.HOSPITAL, Reason.MOVED, Reason.DEATH)
ALWAYS = (Reason.MOVED, Reason.DEATH)  # even of a recheck


def may_be_waived(duty: Duty, because: str) -> bool:
    return because in (ALWAYS if duty.rule == Code.RECHECK else WAIVABLE)


def may_settle(leader: User, duty: Duty) -> bool:
    """A leader who neither served it nor has settled it before."""
    return not has_served(leader, duty) and not duty.settled


def may_settle_for_county(actor: User) -> bool:
    """The coordinators of the county."""
    return actor.role == Role.COORDINATOR and actor.organisation_id is not None


def has_served(actor: Voice, duty: Duty) -> bool:
    return duty.served_by_id == actor.pk
