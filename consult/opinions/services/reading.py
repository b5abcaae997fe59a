"""Opening a signed opinion leaves a trace that the patient sees."""

from uuid import UUID

from consult.opinions.models import Opinion
from consult.opinions.queries import get_opinion
from records.consent import access
from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.people.models import User

SIGNED_IT = "signed_it"  # the signer reads what they signed, after the case is over too


def read_opinion(*, actor: User, case_id: UUID, version: int) -> Opinion:
    """One signed version. Raises NotFound for whoever may not know of it."""
    require_intention()
    opinion = get_opinion(actor, case_id, version)
    decision = access.decide(actor, "read", opinion.case)
    reason = decision.reasons[0] if decision.allowed else SIGNED_IT
    audit.record(
        action="opinion.read",
        target=opinion.case,
        patient_id=opinion.case.patient_id,
        reason=reason,
    )
    return opinion
