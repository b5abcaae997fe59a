"""A complaint about a team that the county has upheld."""

from django.utils import timezone

from scheduling.registration.models import Contract
from telemed.audit import services as audit
from telemed.core.intentions import require_intention


def uphold_complaint(contract: Contract) -> None:
    """Another team can be chosen at once; the caller has decided that the resident was right."""
    require_intention()
    contract.complaint_upheld_on = timezone.localdate()
    contract.save(update_fields=["complaint_upheld_on"])
    audit.record(
        action="contract.uphold_complaint", target=contract, patient_id=contract.patient_id
    )
