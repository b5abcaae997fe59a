"""Rules of state and of the house about duties. Pure."""

from scheduling.duties.models import Code, Duty, Reason
from telemed.people.models import User

WAIVABLE = (Reason.AWAY, Reason.REFUSED, Reason.HOSPITAL, Reason.MOVED, Reason.DEATH)
ALWAYS = (Reason.MOVED, Reason.DEATH)  # even of a recheck


def may_be_waived(duty: Duty, because: str) -> bool:
    return because in (ALWAYS if duty.rule == Code.RECHECK else WAIVABLE)


def has_served(actor: User, duty: Duty) -> bool:
    return duty.served_by_id == actor.pk
