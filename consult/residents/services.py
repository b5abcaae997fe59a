"""Opening one's own record, or a child's, leaves a trace like every other reading."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.requests.queries import get_case
from consult.residents.queries import people_of
from records.consent import access
from records.consent.relationships import ACTS_FOR, OWN_RECORD
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.core.errors import NotFound
from telemed.core.intentions import require_intention
from telemed.people.models import User


def open_own_case(*, actor: User, case_id: UUID) -> Case:
    """The case, for its patient and who acts for them. Raises NotFound for anybody else."""
    require_intention()
    case = get_case(actor, case_id)
    reasons = access.decide(actor, "read", case.patient).reasons
    mine = next((reason for reason in (OWN_RECORD, ACTS_FOR) if reason in reasons), "")
    if not mine:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Case/{case_id}")
    audit.record(action="case.read", target=case, patient_id=case.patient_id, reason=mine)
    return case


def choose_person(*, actor: User, wanted: str) -> tuple[Patient | None, list[Patient]]:
    """
    For whom the pages are now, and everybody they may be for: oneself first.

    Looking at another's is a reading of theirs. Raises NotFound for who is not on the list.
    """
    require_intention()
    people = people_of(actor)
    if not wanted:
        return (people[0] if people else None), people
    person = next((person for person in people if str(person.pk) == wanted), None)
    if person is None:
        raise NotFound(_("Not found, or not yours to know of."), path="for")
    if person.user_id != actor.pk:
        audit.record(action="case.list", target=person, patient_id=person.pk, reason=ACTS_FOR)
    return person, people
