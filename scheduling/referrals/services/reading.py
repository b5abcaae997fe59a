"""Opening a referral leaves a trace: it says why somebody is sent on."""

from uuid import UUID

from scheduling.referrals.models import Referral
from scheduling.referrals.permissions import may_read_clinical
from scheduling.referrals.queries import get_referral, open_rounds
from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.people.models import User


def open_referral(*, actor: User, referral_id: UUID) -> tuple[Referral, bool]:
    """The referral, and whether its clinical text may be shown to this account."""
    require_intention()
    referral = get_referral(actor, referral_id)
    clinical = may_read_clinical(actor, referral, open_rounds(referral))
    if clinical:
        audit.record(action="referral.read", target=referral, patient_id=referral.patient_id)
    return referral, clinical
