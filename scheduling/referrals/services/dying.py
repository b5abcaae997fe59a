"""What a death ends."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.referrals.models import OVER, Referral, Status
from scheduling.referrals.policies import PLAN, Whom
from scheduling.referrals.queries import lock_referral
from scheduling.referrals.services.ladders import stop_ladders
from scheduling.referrals.services.leaving import withdraw
from scheduling.referrals.services.telling import audience, tell, tell_sender
from telemed.core.intentions import require_intention

TURN = 0  # whoever has something in hand is told once


def end_for_death(*, person_key: UUID) -> None:
    """
    Who is not there yet is expected no more: the place goes back, both sides hear it. A green
    channel ends with what it came to, and its referral with it (the slice above).

    What somebody has in hand is not taken from them: the hospital still says what it did. Seen
    twice, nothing is left to end.
    """
    require_intention()
    rows = Referral.objects.filter(person_key=person_key).exclude(status__in=OVER).order_by("pk")
    for pk in list(rows.values_list("pk", flat=True)):
        referral = lock_referral(pk)
        if not referral.can_become(Status.CANCELLED):
            _tell_held(referral)
        elif not referral.is_green:
            end_locked(referral)


def end_locked(referral: Referral) -> None:
    """One that nobody has in hand (the caller holds the lock)."""
    reason = _("The patient has died.")
    withdraw(referral=referral, reason=reason)
    tell_sender(referral=referral, template="referral.cancelled", reason=reason)


def _tell_held(referral: Referral) -> None:
    """There is nobody for whom a plan would be taken over."""
    if referral.status in OVER:
        return
    stop_ladders(referral=referral, clocks=(PLAN,))
    people = [*audience(referral, Whom.SENDER), *audience(referral, Whom.DOCTOR_A)]
    for person in {one.pk: one for one in people}.values():
        tell(referral=referral, recipient=person, template="referral.died", turn=TURN)
