"""Reads that need a name."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests.models import (
    HELD,
    OPEN,
    UNANSWERED,
    Case,
    Kind,
    Offer,
    Status,
    Step,
    WantedTime,
)
from telemed.core.errors import NotFound
from telemed.core.models import Clock, ClockState
from telemed.organisations.models import Agreement, Organisation
from telemed.people import licences
from telemed.people.models import PractitionerRole, Role, User

# What a page counts down; the reminder on the way is nobody's deadline.
PROMISES = Q(state=ClockState.RUNNING) & ~Q(kind="case.remind")
# Whose clock has run out comes first: it waits longest.
SOONEST = (F("due_at").asc(nulls_first=True), "-id")
# Taken, and the patient waits beside the asking doctor: both are wanted in the room.
MET_NOW = Q(status__in=HELD) & (Q(kind=Kind.EMERGENCY) | Q(wanted_time=WantedTime.NOW))


def visible_to(actor: User) -> QuerySet[Case]:
    """Cases whose existence this account may know of; clinical text is a further question."""
    cases = Case.objects.all()
    if not actor.is_active:
        return cases.none()
    match actor.role:
        case Role.TOWNSHIP_DOCTOR:
            return cases.filter(asking=actor.organisation_id)
        case Role.SPECIALIST:
            invited = Offer.objects.filter(case=OuterRef("pk"), doctor=actor, status__in=Offer.LIVE)
            mine = Q(Exists(invited)) | Q(holder=actor)
            return cases.filter(mine, asked=actor.organisation_id)
        case Role.COORDINATOR:
            sent = cases.exclude(number=None)  # a draft that expired was never sent
            return sent.filter(Q(asked=actor.organisation_id) | Q(asking=actor.organisation_id))
        case Role.RESIDENT:
            return cases.exclude(number=None).filter(patient__user=actor)
        case _:
            return cases.none()


def get_case(actor: User, case_id: UUID, *, lock: bool = False) -> Case:
    """One case the actor may know of. Hidden and absent look the same."""
    cases = visible_to(actor).select_related("patient", "asking", "asked", "requester", "holder")
    if lock:
        cases = cases.select_for_update(of=("self",))
    case = cases.filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Case/{case_id}")
    return case


def lock_case(case_id: UUID) -> Case:
    """For the system's own steps (clocks, rooms), where no person asks."""
    return Case.objects.select_for_update().get(pk=case_id)


def find_offer(actor: User, case: Case) -> Offer | None:
    """The live offer that this doctor has on the case."""
    return case.offers.filter(doctor=actor, status__in=Offer.LIVE).first()


def with_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with the clock that runs out next: `due_at`, `due_since`."""
    first = Clock.objects.filter(PROMISES, about=OuterRef("pk")).order_by("due_at")
    due = {"due_at": "due_at", "due_since": "created_at"}
    return cases.annotate(**{name: Subquery(first.values(of)[:1]) for name, of in due.items()})


def needs_me(actor: User, limit: int = 50) -> list[Case]:
    """What this person has to act on, soonest first."""
    cases = with_due(visible_to(actor)).select_related("patient", "asking", "asked", "holder")
    match actor.role:
        case Role.TOWNSHIP_DOCTOR:
            cases = cases.filter(
                Q(status=Status.SIGNED) | Q(status=Status.DRAFT, requester=actor) | MET_NOW
            )
        case Role.SPECIALIST:
            waiting = Offer.objects.filter(
                case=OuterRef("pk"), doctor=actor, status__in=Offer.WAITING
            )
            cases = cases.filter(
                Q(Exists(waiting), status=Status.ROUTED)
                | Q(holder=actor, status__in=[Status.ACCEPTED, Status.IN_PROGRESS])
            )
        case Role.COORDINATOR:
            cases = cases.filter(status__in=UNANSWERED, asked=actor.organisation_id)
        case _:
            return []
    return list(cases.order_by(*SOONEST)[:limit])


def under_way(actor: User, limit: int = 50) -> list[Case]:
    """What others have in hand for this person."""
    cases = with_due(visible_to(actor)).select_related("patient", "asking", "asked", "holder")
    match actor.role:
        case Role.TOWNSHIP_DOCTOR:
            cases = cases.filter(status__in=[*UNANSWERED, *HELD]).exclude(MET_NOW)
        case Role.SPECIALIST:
            cases = cases.filter(holder=actor, status__in=[Status.SIGNED, Status.RECEIPTED])
        case Role.COORDINATOR:
            cases = cases.filter(status__in=OPEN).exclude(status__in=UNANSWERED)
        case _:
            return []
    return list(cases.order_by(*SOONEST)[:limit])


def find_cases(actor: User, *, status: str = "", before: str = "", limit: int = 30) -> list[Case]:
    """All the actor's cases, newest first; `before` is the last id of the page above."""
    cases = with_due(visible_to(actor)).select_related("patient", "asking", "asked", "holder")
    if status:
        cases = cases.filter(status=status)
    if before:
        cases = cases.filter(pk__lt=before)
    return list(cases.order_by("-id")[:limit])


def cases_of(actor: User, patient_id: UUID, limit: int = 20) -> list[Case]:
    """The cases about one patient that the actor may know of."""
    cases = visible_to(actor).filter(patient=patient_id).select_related("asked", "holder")
    return list(cases.order_by("-id")[:limit])


def specialties_asked(asking: Organisation, last: int = 100) -> list[str]:
    """What an institution asked for lately, most often first."""
    sent = Case.objects.filter(asking=asking).exclude(number=None).order_by("-id")
    lately = sent.values_list("specialty", flat=True)[:last]
    return [specialty for specialty, _times in Counter(lately).most_common() if specialty]


def time_line(case: Case) -> list[Step]:
    """Every step, newest first."""
    return list(case.steps.select_related("actor", "organisation").order_by("-at", "-id"))


def specialists_of(organisation: Organisation, specialty: str = "") -> QuerySet[User]:
    """Accounts that are specialists there now, with licence, roles and presence."""
    current = PractitionerRole.objects.filter(
        user=OuterRef("pk"), organisation=organisation, role=Role.SPECIALIST, ends_on=None
    )
    people = User.objects.filter(Exists(current), is_active=True, practitioner__isnull=False)
    if specialty:
        people = people.filter(practitioner__specialty=specialty)
    return people.select_related("practitioner", "presence").prefetch_related("roles")


def coordinators_of(organisation: Organisation) -> QuerySet[User]:
    current = PractitionerRole.objects.filter(
        user=OuterRef("pk"), organisation=organisation, role=Role.COORDINATOR, ends_on=None
    )
    return User.objects.filter(Exists(current), is_active=True)


def due_of(case: Case) -> Case:
    """The case with the clock that runs out next, as with_due() gives to lists."""
    running = Clock.objects.filter(PROMISES, about=case.pk)
    clock = running.order_by("due_at").first()
    case.due_at = clock.due_at if clock else None
    case.due_since = clock.created_at if clock else None
    return case


@dataclass(frozen=True)
class Candidate:
    """A doctor who may be asked, and why not where that is so; `holding` counts open cases."""

    doctor: User
    present: bool
    holding: int
    why_not: str | None


def candidates_of(case: Case) -> list[Candidate]:
    """The asked hospital's specialists, those who fit and are at the desk first."""
    today = timezone.localdate()
    hospital = case.addressee
    people = specialists_of(hospital).annotate(
        holding=Count("cases_held", filter=Q(cases_held__status__in=HELD))
    )
    candidates = [
        Candidate(
            person,
            is_at_desk(person),
            person.holding,
            licences.why_not(person.practitioner, case.specialty, hospital, today, answering=True),
        )
        for person in people.order_by("pk")[:100]
    ]
    return sorted(candidates, key=lambda c: (bool(c.why_not), not c.present, c.holding))


def is_at_desk(person: User) -> bool:
    """Whether the presence lease of an account (already joined) is alive."""
    presence = getattr(person, "presence", None)
    return presence is not None and presence.seen_at > timezone.now() - presence.LEASE


def on_duty_for(asking: Organisation) -> list[Candidate]:
    """Specialists of the hospitals that an institution may ask today, at the desk first."""
    in_force = Agreement.objects.in_force(timezone.localdate()).filter(asking=asking)
    current = PractitionerRole.objects.filter(
        user=OuterRef("pk"),
        organisation__in=in_force.values("asked"),
        role=Role.SPECIALIST,
        ends_on=None,
    )
    people = (
        User.objects.filter(Exists(current), is_active=True, practitioner__isnull=False)
        .select_related("practitioner", "presence", "acting_as__organisation")
        .annotate(holding=Count("cases_held", filter=Q(cases_held__status=Status.IN_PROGRESS)))
    )
    candidates = [
        Candidate(person, is_at_desk(person), person.holding, None)
        for person in people.order_by("pk")[:40]
    ]
    return sorted(candidates, key=lambda c: not c.present)[:8]
