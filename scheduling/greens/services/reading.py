"""Opening a green channel's page leaves a trace: it says what somebody suffers from."""

from uuid import UUID

from scheduling.greens.models import Green
from scheduling.greens.queries import get_green
from scheduling.referrals.permissions import may_read_clinical
from scheduling.referrals.queries import open_rounds
from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.people.models import User


def read_green(*, actor: User, green_id: UUID) -> tuple[Green, bool]:
    """It, and whether what was measured may be shown to this account."""
    require_intention()
    green = get_green(actor, green_id)
    referral = green.referral
    clinical = may_read_clinical(actor, referral, open_rounds(referral))
    audit.record(action="green.read", target=green, patient_id=referral.patient_id)
    return green, clinical
