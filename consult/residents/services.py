"""Opening one's own record leaves a trace like every other reading."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.requests.queries import get_case
from records.consent.relationships import OWN_RECORD
from telemed.audit import services as audit
from telemed.core.errors import NotFound
from telemed.core.intentions import require_intention
from telemed.people.models import User


def open_own_case(*, actor: User, case_id: UUID) -> Case:
    """The case, for its patient alone. Raises NotFound for anybody else."""
    require_intention()
    case = get_case(actor, case_id)
    if case.patient.user_id != actor.pk:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Case/{case_id}")
    audit.record(action="case.read", target=case, patient_id=case.patient_id, reason=OWN_RECORD)
    return case
