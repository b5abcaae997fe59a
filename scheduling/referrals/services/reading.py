"""Opening a referral leaves a trace: it says why somebody is sent on."""

from collections.abc import Sequence
from uuid import UUID

from scheduling.referrals.models import Referral, Round
from scheduling.referrals.permissions import may_answer, may_read_clinical
from scheduling.referrals.queries import get_referral, open_rounds
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.intentions import require_intention
from telemed.people.models import User


def open_referral(*, actor: User, referral_id: UUID) -> tuple[Referral, bool]:
    """The referral, and whether its clinical text may be shown to this account."""
    require_intention()
    referral = get_referral(actor, referral_id)
    rounds = open_rounds(referral)
    clinical = may_read_clinical(actor, referral, rounds)
    _see(actor, rounds)
    if clinical:
        audit.record(action="referral.read", target=referral, patient_id=referral.patient_id)
    return referral, clinical


def _see(actor: User, rounds: Sequence[Round]) -> None:
    """From now on the sender cannot take it back as if nothing had been sent."""
    mine = [one.pk for one in rounds if one.seen_at is None and may_answer(actor, one)]
    if mine:
        Round.objects.filter(pk__in=mine, seen_at=None).update(seen_at=moments.now())
