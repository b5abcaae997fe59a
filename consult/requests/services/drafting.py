"""Before a case is sent: everything is saved as it is typed, and only the asking side sees it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.models import OPEN, Case, Kind, Status
from consult.requests.queries import get_case, specialists_of
from consult.requests.services.finishing import close_if_due
from consult.requests.services.ladders import start_ladder
from consult.requests.services.steps import take_step
from records.consent import access
from records.imaging.models import Study
from records.mpi.models import Patient
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.organisations.models import Organisation, Specialty
from telemed.organisations.queries import find_agreement
from telemed.people.models import Role, User

EDITABLE = {
    *("kind", "reason", "aim", "wanted_time", "summary", "specialty", "title"),
    "route_reason",
}
MOST_FURTHER = 7  # specialties of a joint consult, besides the first


def draft_case(
    *,
    actor: User,
    patient: Patient,
    kind: str = Kind.SINGLE,
    studies: Iterable[UUID] = (),
    **prefilled: str,
) -> Case:
    """Begin a request about a patient of one's own institution; the draft is found again."""
    require_intention()
    require(actor.role == Role.TOWNSHIP_DOCTOR, _("Only a township doctor asks for a consult."))
    if not access.decide(actor, "read", patient).allowed:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Patient/{patient.pk}")
    require(
        access.decide(actor, "ask", patient).allowed,
        _("You may not ask for a consult about this patient."),
    )
    open_draft = Case.objects.filter(
        patient=patient, requester=actor, status=Status.DRAFT, kind=kind
    ).first()
    if open_draft:
        return open_draft
    case = Case.objects.create(
        patient=patient,
        asking=actor.acting_organisation,
        requester=actor,
        kind=kind,
        **{name: value for name, value in prefilled.items() if name in EDITABLE},
    )
    attach_studies(case, studies)
    start_ladder(case=case, clock="case.draft")
    take_step(case=case, action="case.draft", publish=False)
    return case


def save_draft(*, actor: User, case_id: UUID, **fields: Any) -> Case:
    """Keep what was typed. Raises Invalid for a value that the field can't hold."""
    require_intention()
    case = get_draft(actor, case_id)
    if "joint" in fields:
        _make_joint(case, bool(fields.pop("joint")), fields.pop("further", []))
    if "asked" in fields:
        case.asked = _addressee(case, fields.pop("asked"))
        if case.wanted_doctor and not _works_at(case.wanted_doctor, case.asked):
            case.wanted_doctor = None
    if "proposed" in fields:
        case.proposed = _proposed(case, fields.pop("proposed"))
    if "wanted_doctor" in fields:
        case.wanted_doctor = _doctor(case, fields.pop("wanted_doctor"))
    offered = fields.pop("offered", None)
    if "studies" in fields:
        attach_studies(case, fields.pop("studies"), offered=offered)
    for name, value in fields.items():
        if name not in EDITABLE:
            raise Invalid(_("There is no such field."), path=name)
        check_value(name, value)
        setattr(case, name, value)
    case.further = [name for name in case.further if name != case.specialty]
    if not case.is_emergency and not case.is_joint:
        case.kind = Kind.NAMED if case.wanted_doctor_id else Kind.SINGLE
    case.save()
    return case


def complete_case(*, actor: User, case_id: UUID, **fields: str) -> Case:
    """What an emergency went without is filled in afterwards; what was sent stays as it is."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Your role here may not change this request."))
    if not case.is_emergency or case.status not in OPEN:
        raise Conflict(_("This request has been sent and can't be changed."), path="status")
    given = {name: text for name, text in fields.items() if text.strip()}
    for name, text in given.items():
        if name not in case.missing:
            raise Invalid(_("This was sent already and can't be changed."), path=name)
        check_value(name, text)
    for name, text in given.items():
        setattr(case, name, text)
    case.save()
    take_step(case=case, action="case.complete", fields=sorted(given))
    close_if_due(case=case)
    return case


def attach_studies(
    case: Case, wanted: Iterable[UUID], *, offered: Iterable[UUID] | None = None
) -> None:
    """
    Exactly these images of the patient go along. Those that the page did not offer, because they
    came since, stay as they are.
    """
    require_intention()
    ids = set(wanted)
    found = list(Study.objects.filter(pk__in=ids, patient__rid__in=case.patient.rids))
    if len(found) != len(ids):
        raise Invalid(_("These images are not this patient's."), path="studies")
    kept = [] if offered is None else list(case.studies.exclude(pk__in=set(offered)))
    case.studies.set([*found, *kept])


def get_draft(actor: User, case_id: UUID) -> Case:
    """One that may still be changed, locked. Raises Conflict for what was sent."""
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Your role here may not change this request."))
    if case.status != Status.DRAFT:
        raise Conflict(_("This request has been sent and can't be changed."), path="status")
    return case


def _make_joint(case: Case, joint: bool, further: Iterable[str]) -> None:
    """Several specialties together, or no longer."""
    wanted = list(dict.fromkeys(further)) if joint else []
    if case.is_emergency:
        raise Invalid(_("An emergency is answered first; ask for a joint consult afterwards."))
    if set(wanted) - set(Specialty.values):
        raise Invalid(_("Choose one of the values offered."), path="further")
    if len(wanted) > MOST_FURTHER:
        raise Invalid(_("At most {n} at once.").format(n=MOST_FURTHER + 1), path="further")
    case.kind, case.further = (Kind.MDT if joint else Kind.SINGLE), wanted


def _addressee(case: Case, organisation_id: Any) -> Organisation | None:
    if not organisation_id:
        return None
    organisation = Organisation.objects.filter(pk=organisation_id, active=True).first()
    if organisation is None or organisation.pk == case.asking_id:
        raise Invalid(_("Choose a hospital from the list."), path="asked")
    # Chosen while the agreement held: the words are still kept; sending it is refused.
    agreement = find_agreement(case.asking, organisation, case.service)
    without = agreement is None and not case.is_emergency
    if organisation.pk != case.asked_id and without:
        message = _("No agreement with {org} is in force today. Ask another hospital.")
        raise Conflict(message.format(org=organisation.name), path="asked")
    return organisation


def _proposed(case: Case, organisation_id: Any) -> Organisation | None:
    """What the page said it proposes; nothing that is no partner."""
    if not organisation_id:
        return None
    proposed = Organisation.objects.filter(pk=organisation_id, active=True).first()
    agreed = proposed and find_agreement(case.asking, proposed, case.service)
    return proposed if agreed else None


def _works_at(doctor: User, hospital: Organisation | None) -> bool:
    return hospital is not None and specialists_of(hospital).filter(pk=doctor.pk).exists()


def _doctor(case: Case, doctor_id: Any) -> User | None:
    if not doctor_id:
        return None
    doctor = None
    if case.asked:
        doctor = specialists_of(case.asked).filter(pk=doctor_id).first()
    if doctor is None:
        raise Invalid(_("Choose a doctor from the list."), path="wanted_doctor")
    return doctor


def check_value(name: str, value: Any) -> None:
    """Raises Invalid for what that field of a request can't hold."""
    field = next(field for field in Case._meta.fields if field.name == name)
    if not isinstance(value, str) or "\x00" in value:
        raise Invalid(_("This can't be kept as text."), path=name)
    if field.choices and value and value not in dict(field.flatchoices):
        raise Invalid(_("Choose one of the values offered."), path=name)
    if field.max_length and len(value) > field.max_length:
        limit = field.max_length
        raise Invalid(
            _("At most {limit} characters; this has {count}.").format(
                limit=limit, count=len(value)
            ),
            path=name,
        )
