"""Somebody leaves: what they sent or treat is a colleague's from now on (ADR 0061)."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.referrals.models import THERE, Referral, Status
from scheduling.referrals.queries import lock_referral
from scheduling.referrals.services.steps import take_step
from scheduling.referrals.services.telling import doctors_of, tell
from telemed.core.errors import Conflict
from telemed.core.intentions import require_intention
from telemed.people.models import CLINICAL, PractitionerRole, User

# What the sending side still hears of.
AWAITED = [
    *(Status.SENT, Status.DECLINED, Status.ACCEPTED, Status.NOT_ARRIVED),
    *(*THERE, Status.HANDED_BACK),
]


def hand_on(*, user: User, to: User, referral_id: UUID) -> Referral:
    """
    The colleague hears of it and answers for it; who sent it stays written there.

    Raises Conflict where they do not work where it was sent, or where the patient is.
    """
    require_intention()
    referral = lock_referral(referral_id)
    if is_keeper(user, referral):
        _require_works_there(to, referral)
        referral.kept_by = to
    if is_treating(user, referral):
        if to not in doctors_of(referral.department):
            sentence = _("{who} does not work in {department}.")
            department = referral.department.name
            raise Conflict(sentence.format(who=to.name, department=department), path="to")
        referral.doctor = to
    referral.save(update_fields=["kept_by", "doctor"])
    take_step(referral=referral, action="referral.hand_on", who=to.name, old=user.name)
    tell(referral=referral, recipient=to, template="referral.yours", who=user.name)
    return referral


def is_keeper(user: User, referral: Referral) -> bool:
    return referral.keeper == user and referral.status in AWAITED


def is_treating(user: User, referral: Referral) -> bool:
    return referral.doctor_id == user.pk and referral.status in THERE


def _require_works_there(to: User, referral: Referral) -> None:
    held = PractitionerRole.objects.filter(
        user=to, organisation=referral.sending_id, role__in=CLINICAL, ends_on=None
    )
    if not held.exists():
        sentence = _("{who} does not work at {org}.")
        raise Conflict(sentence.format(who=to.name, org=referral.sending.name), path="to")
