"""Lists of cases: what needs me, what others have in hand, and everything, by filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from consult.requests import writingport
from consult.requests.models import (
    ANSWERED,
    ENDED,
    HELD,
    OPEN,
    OVER,
    UNANSWERED,
    Case,
    Grade,
    Kind,
    Offer,
    Question,
    Status,
    Step,
    WantedTime,
)
from consult.requests.queries.cases import visible_to
from consult.requests.rungs import PROMISE
from telemed.core.models import Clock, ClockState
from telemed.people.licences import is_village_doctor
from telemed.people.models import Practitioner, Role, User

# What a page counts down: the promise itself; reminders and escalations are nobody's deadline.
COUNTED = (
    *("case.triage", "case.accept", "case.in_room", "case.schedule", "case.done"),
    *("case.receipt", "case.close", "case.draft"),
)
PROMISES = Q(state=ClockState.RUNNING, rung=PROMISE, kind__in=COUNTED)
# An emergency comes first, then what has priority, whatever else waits; then whose clock has run
# out: it waits longest.
FIRST = models.Case(
    When(kind=Kind.EMERGENCY, then=Value(0)), When(priority=True, then=Value(1)), default=Value(2)
)
SOONEST = (FIRST, F("due_at").asc(nulls_first=True), "-id")
OF_GRADE = {
    Grade.EMERGENCY: Q(kind=Kind.EMERGENCY),
    Grade.PRIORITY: Q(priority=True),
    Grade.ROUTINE: Q(priority=False) & ~Q(kind=Kind.EMERGENCY),
}
# Taken, and the patient waits beside the asking doctor: both are wanted in the room.
MET_NOW = Q(status__in=HELD) & (Q(kind=Kind.EMERGENCY) | Q(wanted_time=WantedTime.NOW))
# What a village doctor has written, any doctor of the clinic sends.
BY_VILLAGE_DOCTOR = Q(requester__practitioner__title=Practitioner.Title.VILLAGE)
# Closed, and its opinion was withdrawn: its doctor owes a new one.
OPINION_DUE = Q(status__in=OVER, withdrawn_version__gt=0, withdrawn_version=F("opinion_version"))
WITH = ("patient", "asking", "asked", "holder")


class Turn(models.TextChoices):
    """Whose turn it is."""

    REQUESTER = "requester", _("Asking doctor")
    SPECIALIST = "specialist", _("Specialist")
    COORDINATOR = "coordinator", _("Coordinator")
    NOBODY = "nobody", _("Nobody")


# The asking side has to say more, and the clock waits for it, as it never does in an emergency.
FOR_DETAILS = Q(waiting_on=Turn.REQUESTER, status__in=[*UNANSWERED, *HELD]) & ~Q(
    kind=Kind.EMERGENCY
)


@dataclass(frozen=True)
class Filter:
    """What a list shows; every part is optional and stands in the address of the page."""

    status: str = ""
    kind: str = ""
    turn: str = ""
    grade: str = ""
    text: str = ""  # the beginning of a case number
    before: str = ""  # the last id of the page above


def with_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with the promise that runs out next: `due_at`, `due_since`."""
    first = Clock.objects.filter(PROMISES, about=OuterRef("pk")).order_by("due_at")
    due = {"due_at": "due_at", "due_since": "created_at"}
    return cases.annotate(**{name: Subquery(first.values(of)[:1]) for name, of in due.items()})


def with_turn(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with whose turn it is: `waiting_on`."""
    asked = Question.objects.filter(case=OuterRef("pk"), status=Question.Status.OPEN)
    in_time = Clock.objects.filter(
        about=OuterRef("pk"),
        kind="case.accept",
        rung=PROMISE,
        state__in=[ClockState.RUNNING, ClockState.PAUSED],
    )
    invited = Offer.objects.filter(case=OuterRef("pk"), status__in=Offer.WAITING)
    whose = models.Case(
        When(OPINION_DUE, then=Value(Turn.SPECIALIST)),
        When(status__in=[*OVER, *ENDED], then=Value(Turn.NOBODY)),
        When(Exists(asked), then=Value(Turn.REQUESTER)),
        When(status__in=[Status.DRAFT, *ANSWERED], then=Value(Turn.REQUESTER)),
        When(status=Status.SUBMITTED, then=Value(Turn.COORDINATOR)),
        When(Exists(invited), kind=Kind.MDT, status=Status.ROUTED, then=Value(Turn.SPECIALIST)),
        When(~Exists(in_time), status=Status.ROUTED, then=Value(Turn.COORDINATOR)),
        default=Value(Turn.SPECIALIST),
    )
    turn = {"waiting_on": whose}
    return cases.annotate(**turn)


def rows_of(actor: User) -> QuerySet[Case]:
    """The actor's cases as lists show them."""
    cases = with_turn(with_due(visible_to(actor))).select_related(*WITH)
    if actor.role != Role.SPECIALIST:
        return cases
    seats = Offer.objects.filter(case=OuterRef("pk"), doctor=actor, case__kind=Kind.MDT)
    taken = [Offer.Status.ACCEPTED, Offer.Status.DONE]
    part = {
        "joined": Exists(seats.filter(status__in=taken)),
        "writes": writingport.writes_along(actor),
    }
    return cases.annotate(**part)


def needs_me(actor: User, limit: int = 50) -> list[Case]:
    """What this person has to act on, soonest first."""
    cases = rows_of(actor)
    match actor.role:
        case Role.TOWNSHIP_DOCTOR:
            asked = Q(waiting_on=Turn.REQUESTER) & ~Q(status=Status.DRAFT)
            if is_village_doctor(actor):
                asked &= ~Q(status__in=ANSWERED)  # the receipt is a doctor's
            draft = Q(status=Status.DRAFT) & (Q(requester=actor) | BY_VILLAGE_DOCTOR)
            cases = cases.filter(asked | draft | MET_NOW)
        case Role.SPECIALIST:
            waiting = _offered_to(actor)
            cases = cases.filter(
                Q(Exists(waiting), status__in=[Status.ROUTED, *HELD]) & ~FOR_DETAILS
                | Q(OPINION_DUE | Q(status__in=HELD), holder=actor) & ~FOR_DETAILS
                | Q(joined=True, status__in=HELD)
                | Q(writes=True)
            )
        case Role.COORDINATOR:
            here = actor.organisation_id
            cases = cases.filter(_to_find(here) | Q(waiting_on=Turn.REQUESTER, asking=here))
        case Role.DIRECTOR | Role.MEDICAL_OFFICE:
            cases = cases.filter(Exists(_told(actor)), status__in=OPEN)
        case _:
            return []
    return list(own_due(actor, list(cases.order_by(*SOONEST)[:limit])))


def own_due(actor: User, cases: Sequence[Case]) -> Sequence[Case]:
    """To who is invited to a joint consult, what counts is the time of their own answer."""
    joint = {case.pk: case for case in cases if case.is_joint}
    if actor.role != Role.SPECIALIST or not joint:
        return cases
    invited = Offer.objects.filter(case__in=joint, doctor=actor, status__in=Offer.WAITING)
    of_case = dict(invited.values_list("pk", "case"))
    running = Clock.objects.filter(
        about__in=list(of_case), kind="offer.accept", rung=PROMISE, state=ClockState.RUNNING
    )
    for clock in running:
        case = joint[of_case[clock.about]]
        case.due_at, case.due_since = clock.due_at, clock.created_at
    return cases


def _offered_to(actor: User) -> QuerySet[Offer]:
    return Offer.objects.filter(case=OuterRef("pk"), doctor=actor, status__in=Offer.WAITING)


def _to_find(here: UUID | None) -> Q:
    """Whose coordinators look for a doctor: the asked hospital's, and those above if need be."""
    above = Q(passed_to=here, waiting_on=Turn.COORDINATOR)
    return Q(status__in=UNANSWERED) & (Q(asked=here) | above)


def _told(actor: User) -> QuerySet[Step]:
    """Rungs that reached this person."""
    return Step.objects.filter(case=OuterRef("pk"), facts__ids__contains=[str(actor.pk)])


def under_way(actor: User, limit: int = 50) -> list[Case]:
    """What others have in hand for this person."""
    cases = rows_of(actor)
    match actor.role:
        case Role.TOWNSHIP_DOCTOR:
            others = ~Q(waiting_on=Turn.REQUESTER) & Q(status__in=[*UNANSWERED, *HELD])
            if is_village_doctor(actor):  # a doctor of the clinic gives the receipt
                others |= Q(waiting_on=Turn.REQUESTER, status__in=ANSWERED)
            cases = cases.filter(others).exclude(MET_NOW)
        case Role.SPECIALIST:
            mine = Q(holder=actor) | Q(Exists(_offered_to(actor)))
            joined = Q(joined=True, status__in=[Status.ROUTED, *ANSWERED])
            cases = cases.filter(Q(holder=actor, status__in=ANSWERED) | joined | mine & FOR_DETAILS)
        case Role.COORDINATOR:
            cases = cases.filter(status__in=OPEN).exclude(_to_find(actor.organisation_id))
        case Role.DIRECTOR | Role.MEDICAL_OFFICE:
            cases = cases.filter(status__in=OPEN).exclude(Exists(_told(actor)))
        case _:
            return []
    return list(cases.order_by(*SOONEST)[:limit])


def find_cases(actor: User, wanted: Filter, limit: int = 30) -> list[Case]:
    """All the actor's cases, newest first."""
    cases = rows_of(actor)
    if wanted.status == Status.CLOSED:
        cases = cases.filter(status__in=OVER)  # filed away is closed, too
    elif wanted.status:
        cases = cases.filter(status=wanted.status)
    if wanted.kind:
        cases = cases.filter(kind=wanted.kind)
    if wanted.grade:
        cases = cases.filter(OF_GRADE[Grade(wanted.grade)])
    if wanted.turn:
        cases = cases.filter(Q(waiting_on=wanted.turn))
    if wanted.text:
        cases = cases.filter(number__istartswith=wanted.text)
    if wanted.before:
        cases = cases.filter(pk__lt=wanted.before)
    return list(cases.order_by("-id")[:limit])


def cases_of(actor: User, patient_id: UUID, limit: int = 20) -> list[Case]:
    """The cases about one patient that the actor may know of."""
    theirs = Q(patient=patient_id) | Q(patient__merged_into=patient_id)
    cases = visible_to(actor).filter(theirs).select_related("asked", "holder")
    return list(cases.order_by("-id")[:limit])


def due_of(case: Case) -> Case:
    """The case with its next promise and whose turn it is, as lists have them."""
    row = with_turn(with_due(Case.objects.filter(pk=case.pk))).get()
    case.due_at, case.due_since, case.waiting_on = row.due_at, row.due_since, row.waiting_on
    return case


def sent_at(case: Case) -> datetime | None:
    """When the request was last sent."""
    sent = case.steps.filter(action="case.submit").order_by("-at")
    return sent.values_list("at", flat=True).first()
