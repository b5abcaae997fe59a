"""Referrals that somebody may see, and what happened to them."""

from typing import Any
from uuid import UUID

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from scheduling.referrals.models import (
    LIVE,
    TAKES,
    THERE,
    Direction,
    PlanItem,
    Question,
    Referral,
    Round,
    Status,
    Step,
)
from scheduling.referrals.permissions import OVERSEEING
from scheduling.referrals.policies import PROMISE
from scheduling.registration.queries import signed_with
from telemed.core.errors import NotFound
from telemed.core.models import Clock, ClockState
from telemed.people.models import Role, User

READ_WITH = (
    *("patient", "sending", "organisation", "department", "sender__practitioner", "kept_by"),
    *("doctor__practitioner", "taken_by", "appointment__period"),
)
COUNTED = ["referral.accept", "referral.arrive", "referral.handback", "referral.plan"]
BACK = [Status.HANDED_BACK, Status.CLOSED]
INVOLVED = [Round.Status.ASKED, Round.Status.ACCEPTED]
LIST = 100


def visible_to(actor: User) -> QuerySet[Referral]:
    """Referrals whose existence this account may know of; clinical text is a further question."""
    rows = Referral.objects.all()
    if not actor.is_active:
        return rows.none()
    here = actor.organisation_id
    match actor.role:
        case Role.TOWNSHIP_DOCTOR:
            mine = Q(sending=here) | Q(Exists(_rounds(organisation=here)))
            return rows.filter(mine | _back_for(actor))
        case Role.SPECIALIST:
            acting = actor.acting_as
            asked = _rounds(department=acting.department_id if acting else None)
            own = Q(kept_by=actor) | Q(sender=actor, kept_by=None)
            return rows.filter(Q(Exists(asked)) | own & Q(sending=here))
        case role if role in OVERSEEING:
            return rows.filter(Q(sending=here) | Q(Exists(_rounds(organisation=here))))
        case Role.DESK:
            return rows.filter(organisation=here, status__in=[*LIVE[1:], Status.NOT_ARRIVED])
        case Role.RESIDENT:
            return access.visible(actor, "read", rows)
        case _:
            return rows.none()


def _back_for(actor: User) -> Q:
    """What was handed back of the people with whom this family doctor's team is signed."""
    signed = signed_with(actor).values("person_key")
    return Q(status__in=BACK, direction=Direction.UP, person_key__in=signed)


def _rounds(**wanted: object) -> QuerySet[Round]:
    return Round.objects.filter(referral=OuterRef("pk"), status__in=INVOLVED, **wanted)


def get_referral(actor: User, referral_id: UUID, *, lock: bool = False) -> Referral:
    """One referral that the actor may know of. Hidden and absent look the same."""
    rows = visible_to(actor).filter(pk=referral_id)
    if lock:
        # Locked by its number alone, then looked at: what was joined is not locked, and may be old.
        Referral.objects.select_for_update(no_key=True).filter(pk__in=rows.values("pk")).first()
    found = rows.select_related(*READ_WITH).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Referral/{referral_id}")
    return found


def lock_referral(referral_id: UUID) -> Referral:
    """For the system's own steps (clocks, visits), where no person asks."""
    Referral.objects.select_for_update(no_key=True).get(pk=referral_id)
    return Referral.objects.select_related(*READ_WITH).get(pk=referral_id)


def find_by_appointment(appointment_id: UUID) -> UUID | None:
    """Which referral's visit it is."""
    rows = Referral.objects.filter(appointment=appointment_id)
    return rows.values_list("pk", flat=True).first()


def has_died(referral: Referral) -> bool:
    """By the record that counts, once two are merged."""
    return _dead(referral.person_key).exists()


def _dead(key: Any) -> QuerySet[Patient]:
    return Patient.objects.filter(pk=key, deceased_on__isnull=False)


def find_referral(person_key: UUID, department_id: UUID) -> Referral | None:
    """What is open about this person at that department."""
    rows = Referral.objects.filter(person_key=person_key, department=department_id)
    return rows.filter(status__in=LIVE).first()


def asked_rounds(referral: Referral, *, lock: bool = False) -> list[Round]:
    """Who may still answer, the first asked first."""
    rows = referral.rounds.filter(status=Round.Status.ASKED)
    if lock:
        rows = rows.select_for_update(of=["self"], no_key=True)
    return list(rows.select_related("organisation", "department", "period").order_by("number"))


def open_rounds(referral: Referral) -> list[Round]:
    """Who was asked and has not declined."""
    rows = referral.rounds.filter(status__in=INVOLVED)
    return list(rows.select_related("organisation", "department", "period").order_by("number"))


def open_question(referral: Referral) -> Question | None:
    rows = referral.questions.filter(status=Question.Status.OPEN)
    return rows.select_related("asked_by").first()


def with_due(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Each with the promise that runs out next, and whether a question stops it."""
    running = Clock.objects.filter(
        about=OuterRef("pk"), kind__in=COUNTED, rung=PROMISE, state=ClockState.RUNNING
    ).order_by("due_at")
    asked = Question.objects.filter(referral=OuterRef("pk"), status=Question.Status.OPEN)
    facts = {
        "due_at": Subquery(running.values("due_at")[:1]),
        "due_since": Subquery(running.values("created_at")[:1]),
        "asks": Exists(asked),
    }
    return rows.annotate(**facts)


def due_of(referral: Referral) -> Referral:
    """The referral with its next promise, as lists have it."""
    row = with_due(Referral.objects.filter(pk=referral.pk)).get()
    referral.due_at, referral.due_since, referral.asks = row.due_at, row.due_since, row.asks
    return referral


def board_of(actor: User, limit: int = LIST) -> list[Referral]:
    """What is open, as this account sees it: whose time is up first, then whose runs out."""
    rows = with_due(visible_to(actor)).select_related(*READ_WITH)
    rows = rows.exclude(status__in=[Status.CLOSED, Status.CANCELLED, Status.EXPIRED])
    planned = Q(status=Status.HANDED_BACK) | Q(status=Status.ARRIVED, direction=Direction.DOWN)
    rows = rows.exclude(planned & Q(Exists(_dead(OuterRef("person_key")))))  # for nobody
    first = Case(
        When(status=Status.NOT_ARRIVED, then=F("expected_at")),
        default=F("due_at"),
        output_field=DateTimeField(),
    )
    return list(rows.order_by(first.asc(nulls_first=True), "-urgency", "-id")[:limit])


def referrals_of(actor: User, patient_id: UUID, limit: int = 20) -> list[Referral]:
    """Those of one patient that the actor may know of."""
    theirs = Q(patient=patient_id) | Q(patient__merged_into=patient_id) | Q(person_key=patient_id)
    rows = with_due(visible_to(actor).filter(theirs)).select_related(*READ_WITH)
    return list(rows.order_by("-id")[:limit])


def live_of(patient: Patient) -> Referral | None:
    """Where this person is on the way to, or has to go, the newest first."""
    rows = Referral.objects.filter(person_key=patient.pk).select_related(*READ_WITH)
    ahead = [*LIVE, Status.DECLINED, Status.NOT_ARRIVED, Status.HANDED_BACK]
    return rows.filter(status__in=ahead).order_by("-id").first()


def referrals_about(case_id: UUID) -> list[Referral]:
    """What came out of a consult. Who may know of that consult may know where it went."""
    rows = Referral.objects.filter(from_case=case_id).select_related(*READ_WITH)
    return list(rows.order_by("-id"))


def late_hand_backs(actor: User) -> int:
    """Patients who are there for longer than was promised, on either side."""
    late = Clock.objects.filter(
        about=OuterRef("pk"), kind="referral.handback", rung=PROMISE, state=ClockState.FIRED
    )
    return visible_to(actor).filter(Exists(late), status__in=THERE).count()


def open_items(actor: User, limit: int = LIST) -> list[PlanItem]:
    """What was taken over here for patients who are back, the soonest first."""
    here = actor.organisation_id
    taken = Step.objects.filter(referral=OuterRef("pk"), action=TAKES, organisation=here)
    mine = visible_to(actor).filter(Exists(taken), status=Status.CLOSED)
    if actor.role == Role.SPECIALIST:
        mine = mine.filter(Q(kept_by=actor) | Q(sender=actor, kept_by=None))
    elif actor.role not in (Role.TOWNSHIP_DOCTOR, Role.COORDINATOR):
        return []
    rows = PlanItem.objects.filter(referral__in=mine.values("pk"), done_at=None)
    rows = rows.exclude(Exists(_dead(OuterRef("referral__person_key"))))
    return list(rows.select_related("referral__patient").order_by("due_on", "pk")[:limit])


def time_line(referral: Referral) -> list[Step]:
    """Every step, newest first."""
    return list(referral.steps.select_related("actor", "organisation").order_by("-at", "-id"))
