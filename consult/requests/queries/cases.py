"""One case, what is asked about it, and what happened to it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from consult.requests import writingport
from consult.requests.models import (
    ANSWERED,
    OVER,
    UNANSWERED,
    Case,
    Kind,
    Offer,
    Onlooker,
    Question,
    Status,
    Step,
)
from consult.requests.permissions import is_family_doctor
from records.consent import access
from telemed.core.errors import NotFound
from telemed.people.models import Role, User

READ_WITH = (
    *("patient", "asking", "asked"),
    *("requester__practitioner", "holder__practitioner"),  # named in what the world reads
)
# They see numbers and states of what their institution asks or is asked, no clinical text.
OVERSEEING = (Role.COORDINATOR, Role.DIRECTOR, Role.MEDICAL_OFFICE)


def visible_to(actor: User) -> QuerySet[Case]:
    """Cases whose existence this account may know of; clinical text is a further question."""
    cases = Case.objects.all()
    if not actor.is_active:
        return cases.none()
    here = actor.organisation_id
    sent = cases.exclude(number=None).exclude(status=Status.DRAFT)  # what expired was never sent
    match actor.role:
        case Role.TOWNSHIP_DOCTOR:
            return cases.filter(asking=here)
        case Role.SPECIALIST:
            invited = _offers(organisation=here, doctor=actor, status__in=Offer.LIVE)
            declined = _offers(organisation=here, doctor=actor, status=Offer.Status.DECLINED)
            again = Q(Exists(declined), status__in=UNANSWERED)  # they may still accept
            seated = Q(Exists(_offers(organisation=here, doctor=actor, status=Offer.Status.DONE)))
            joint = seated & Q(kind=Kind.MDT)
            own = Q(holder=actor, asked=here) | Q(writingport.writes_along(actor))
            return cases.filter(Q(Exists(invited)) | again | joint | own)
        case Role.COORDINATOR | Role.DIRECTOR | Role.MEDICAL_OFFICE:
            invited = _offers(organisation=here)
            knows = Onlooker.objects.filter(case=OuterRef("pk"), organisation=here)
            own = Q(asked=here) | Q(asking=here)
            return sent.filter(own | Q(Exists(invited)) | Q(Exists(knows)))
        case Role.RESIDENT:
            return access.visible(actor, "read", sent)  # their own, and whom they act for
        case _:
            return cases.none()


def _offers(**wanted: object) -> QuerySet[Offer]:
    return Offer.objects.filter(case=OuterRef("pk"), **wanted)


def get_case(actor: User, case_id: UUID, *, lock: bool = False) -> Case:
    """One case the actor may know of. Hidden and absent look the same."""
    cases = visible_to(actor).select_related(*READ_WITH)
    if lock:
        # Locked before it is read: rows joined in the locking statement itself are those from
        # before the wait, and a hospital that was changed meanwhile would be missing.
        list(Case.objects.select_for_update(no_key=True).filter(pk=case_id).values_list("pk"))
        cases = cases.select_for_update(of=("self",), no_key=True)
    case = cases.filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Case/{case_id}")
    return case


def get_case_to_follow(actor: User, case_id: UUID) -> Case:
    """One case, locked, for the outcome: of the asking side, or of one's own signed patient."""
    answered = Case.objects.filter(pk=case_id, status__in=[*ANSWERED, *OVER])
    found = answered.select_related("patient").first()
    if found and is_family_doctor(actor, found):
        return lock_case(case_id)
    return get_case(actor, case_id, lock=True)


def find_case(case_id: UUID) -> Case | None:
    """Without a lock, for the system's own steps, where it may be nothing of ours."""
    return Case.objects.filter(pk=case_id).first()


def lock_case(case_id: UUID) -> Case:
    """For the system's own steps (clocks, rooms), where no person asks."""
    return Case.objects.select_for_update(no_key=True).get(pk=case_id)


def writes_along(actor: User, case: Case) -> bool:
    """Whether this doctor was asked to write along on the opinion."""
    return Case.objects.filter(writingport.writes_along(actor), pk=case.pk).exists()


def find_offer(actor: User, case: Case) -> Offer | None:
    """The live offer that this doctor has on the case."""
    return case.offers.filter(doctor=actor, status__in=Offer.LIVE).first()


def open_questions(case: Case) -> list[Question]:
    """What waits for the asking side, oldest first."""
    waiting = case.questions.filter(status=Question.Status.OPEN)
    return list(waiting.select_related("asked_by").order_by("created_at"))


def find_open_question(case: Case, question_id: UUID) -> Question | None:
    """One question of that case, for an answer or to take it back."""
    return case.questions.select_related("asked_by").filter(pk=question_id).first()


def time_line(case: Case) -> list[Step]:
    """Every step, newest first."""
    return list(case.steps.select_related("actor", "organisation").order_by("-at", "-id"))


def opinion_signed_at(case: Case) -> datetime | None:
    """When the opinion was signed first, or first again after it was withdrawn."""
    signed = case.steps.filter(action="opinion.sign").order_by("-at")
    return signed.values_list("at", flat=True).first()
