"""What is free and where; sessions, templates and rules of days as their keepers see them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability.booked import Booked, booked_in
from scheduling.availability.models import (
    BOOKABLE,
    DayRule,
    Disagreement,
    Kind,
    Period,
    PeriodPool,
    PeriodState,
    Pool,
    Session,
    State,
    Stop,
    Template,
)
from scheduling.availability.permissions import may_keep, may_read
from telemed.core import moments, policies
from telemed.core.errors import NotFound
from telemed.core.statements import ask
from telemed.organisations.models import Department, Organisation
from telemed.people.models import CLINICAL, Practitioner, PractitionerRole, Role, User

NEXT = 2  # periods that a refusal offers instead
MOST_SHOWN, LATELY = 50, 10  # disagreements on their page: open, and decided


def open_periods(pools: Sequence[str]) -> QuerySet[Period]:
    """Periods that somebody of these pools can still book, the soonest first."""
    free = PeriodPool.objects.filter(period=OuterRef("pk"), pool__in=pools, taken__lt=F("places"))
    coming = Period.objects.filter(state=PeriodState.OPEN, closes_at__gt=moments.now())
    return coming.filter(Exists(free)).order_by("starts_at", "pk")


def left_for_the_desk(departments: Any) -> QuerySet[Period]:
    """
    What a desk can still give out there, booking from afar having ended or not: by the sessions of
    now and the next days, because it ends the day before.
    """
    today = timezone.localdate()
    near = Session.objects.filter(
        department__in=departments,
        state=State.PUBLISHED,
        day__range=(today, today + timedelta(days=1)),
    )
    left = PeriodPool.objects.filter(
        period=OuterRef("pk"), pool=Pool.WALK_IN, taken__lt=F("places")
    )
    there = Period.objects.filter(session__in=near, state__in=BOOKABLE, ends_at__gt=moments.now())
    return there.filter(Exists(left)).order_by("starts_at", "pk")


def soonest_free(
    department_id: UUID, pools: Sequence[str], *, most: int, wanted: Q | None = None
) -> list[Period]:
    """
    What whoever takes from these pools may book there next: from afar until the close, at the desk
    until the period is over.
    """
    wanted = wanted or Q()
    there = open_periods(pools).filter(wanted, department=department_id)
    found = {one.pk: one for one in there[:most]}
    if Pool.WALK_IN in pools:
        left = left_for_the_desk([department_id]).filter(wanted)
        found |= {one.pk: one for one in left[:most]}
    return sorted(found.values(), key=lambda one: (one.starts_at, one.pk))[:most]


def get_period(period_id: UUID) -> Period:
    """Raises NotFound for what is not, or not yet, to be seen."""
    there = Period.objects.exclude(state=PeriodState.PLANNED)
    found = there.select_related("session", "department", "organisation", "clinician__practitioner")
    period = found.filter(pk=period_id).first()
    if period is None:
        raise NotFound(_("This time does not exist."), path="period")
    return period


def find_periods(wanted: Collection[UUID]) -> list[Period]:
    """Those of these that can be seen, in order."""
    there = Period.objects.filter(pk__in=wanted).exclude(state=PeriodState.PLANNED)
    found = there.select_related("session", "department", "organisation", "clinician__practitioner")
    return list(found.order_by("starts_at", "pk"))


PLACE = f"""
    SELECT p.id, p.created_at, p.session_id, p.organisation_id, p.department_id, p.clinician_id,
           p.starts_at, p.ends_at, p.closes_at, p.capacity, p.state,
           o.number, o.name, o.division_id, d.name, d.specialty, r.id, s.kind,
           {policies.COUNT}, {policies.LAST}
    FROM availability_period p
    JOIN availability_session s ON s.id = p.session_id
    JOIN organisations_organisation o ON o.id = p.organisation_id
    JOIN organisations_department d ON d.id = p.department_id
    LEFT JOIN people_practitioner r ON r.user_id = p.clinician_id
    WHERE p.id = $1 AND p.state <> 'planned'
"""  # noqa: S608  the names of policies' own table
PERIOD = [
    *("id", "created_at", "session_id", "organisation_id", "department_id", "clinician_id"),
    *("starts_at", "ends_at", "closes_at", "capacity", "state"),
]


def get_place(period_id: UUID) -> Period:
    """
    get_period() for a claim: in one prepared statement, with no more than a booking repeats. What a
    booking goes by besides, the rules of the house, is known with it.
    """
    rows = ask(PLACE, period_id)
    if not rows:
        raise NotFound(_("This time does not exist."), path="period")
    ((*facts, number, name, division, department, specialty, practitioner, kind, n, last),) = rows
    policies.saw(n, last)
    period = Period.from_db("default", PERIOD, facts)
    organisation, kept = period.organisation_id, ["id", "number", "name", "division_id"]
    period.organisation = Organisation.from_db(
        "default", kept, [organisation, number, name, division]
    )
    period.session = Session.from_db("default", ["id", "kind"], [period.session_id, kind])
    kept = ["id", "organisation_id", "name", "specialty"]
    values = [period.department_id, organisation, department, specialty]
    period.department = Department.from_db("default", kept, values)
    if period.clinician_id:
        period.clinician = User.from_db("default", ["id"], [period.clinician_id])
        licence = practitioner and Practitioner.from_db(
            "default", ["id", "user_id"], [practitioner, period.clinician_id]
        )
        User._meta.get_field("practitioner").set_cached_value(period.clinician, licence)
    return period


def examination_of(period: Period) -> str:
    """Which examination is done there; "" where somebody is seen."""
    session = period.session
    return session.service if session.kind == Kind.EXAMINATION else ""


def get_department(department_id: UUID) -> Department:
    there = Department.objects.filter(organisation__active=True, pk=department_id)
    department = there.select_related("organisation").first()
    if department is None:
        raise NotFound(_("This department does not exist."), path="department")
    return department


def next_free(period: Period, pools: Sequence[str]) -> list[Period]:
    """With the same doctor first, else in the same department: the next that have a place."""
    others, own = ~Q(pk=period.pk), Q(clinician=period.clinician_id)
    there = period.department_id
    found = soonest_free(there, pools, most=NEXT, wanted=others & own)
    if len(found) < NEXT:
        found += soonest_free(there, pools, most=NEXT - len(found), wanted=others & ~own)
    return found


def organisations_with_templates(day: date) -> list[UUID]:
    """Whose plan has to be looked at each night."""
    current = Template.objects.exclude(until__lt=day)
    return list(current.order_by().values_list("organisation", flat=True).distinct())


def get_session(actor: User, session_id: UUID) -> Session:
    """One session that the actor may see; hidden and absent look the same."""
    found = visible_to(actor).filter(pk=session_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def visible_to(actor: User) -> QuerySet[Session]:
    """Keepers see the sessions of their institution, doctors their own there."""
    sessions = Session.objects.select_related("clinician__practitioner", "department")
    sessions = sessions.select_related("organisation", "template", "application")
    here = sessions.filter(organisation=actor.organisation_id)
    if may_keep(actor):
        return here
    return here.filter(clinician=actor.pk) if may_read(actor) else sessions.none()


def my_sessions(actor: User, first: date, last: date) -> list[Session]:
    """Those of a doctor, here, in order."""
    mine = visible_to(actor).filter(clinician=actor.pk, day__range=(first, last))
    return list(mine.exclude(state=State.CANCELLED).order_by("during"))


def counts_of(sessions: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Taken and places, by session."""
    pools = PeriodPool.objects.filter(period__session__in=list(sessions))
    rows = pools.values_list("period__session").annotate(Sum("taken"), Sum("places")).order_by()
    return {session: (taken, places) for session, taken, places in rows}


def places_left(period_ids: Iterable[UUID]) -> dict[tuple[UUID, str], int]:
    """By period and pool: how many are free."""
    pools = PeriodPool.objects.filter(period__in=list(period_ids), taken__lt=F("places"))
    return {(row.period_id, row.pool): row.places - row.taken for row in pools}


def periods_of(session: Session) -> list[Period]:
    """With their pools, in order; not those from which the session moved away."""
    return list(session.periods.exclude(capacity=0).prefetch_related("pools").order_by("starts_at"))


def instead_of(session: Session, plan: str) -> list[Session]:
    """
    Open sessions that could stand in, the best first: of another doctor of the same level who is
    there in the same hours, or of the same doctor on one of the coming days.
    """
    others = Session.objects.filter(
        organisation=session.organisation_id,
        department=session.department_id,
        kind=session.kind,
        service=session.service,
        state=State.PUBLISHED,
        held_up_at=None,
    ).exclude(pk=session.pk)
    others = others.select_related("clinician", "department").order_by("during", "pk")
    if plan == Stop.Plan.SUBSTITUTE:
        same_hours = others.filter(during__overlap=session.during, title=session.title)
        return list(same_hours.exclude(clinician=session.clinician_id)) if session.title else []
    if plan == Stop.Plan.ELSEWHERE:
        return _elsewhere(session)
    if plan == Stop.Plan.ANOTHER_DAY:
        later = others.filter(clinician=session.clinician_id, during__startswith__gt=moments.now())
        return list(later.exclude(day=session.day))
    return []


def _elsewhere(session: Session) -> list[Session]:
    """Of the same specialty and level in the prefecture, on that day: the county first."""
    division = session.organisation.division_id
    if not session.title:
        return []
    there = Session.objects.filter(
        organisation__division__code__startswith=division[:4],
        organisation__active=True,
        department__specialty=session.department.specialty,
        kind=session.kind,
        service=session.service,
        state=State.PUBLISHED,
        held_up_at=None,
        title=session.title,
        day=session.day,
        during__startswith__gt=moments.now(),
    ).exclude(organisation=session.organisation_id)
    found = there.select_related("clinician", "department", "organisation").order_by("during", "pk")
    near = division[:6]
    return sorted(found[:20], key=lambda one: not one.organisation.division_id.startswith(near))


def stop_of(session: Session) -> Stop | None:
    """Why it is not held."""
    stops = session.stops.filter(undone_at=None)
    return stops.select_related("stopped_by", "instead__clinician", "instead__department").first()


def templates_in_force(actor: User) -> QuerySet[Template]:
    """Those of the own institution that still make sessions, by weekday and hour."""
    current = Template.objects.filter(organisation=actor.organisation_id)
    current = current.exclude(until__lt=timezone.localdate())
    related = current.select_related("clinician__practitioner", "department")
    return related.order_by("weekday", "starts", "department__name", "pk")


def day_rules_ahead(actor: User) -> list[DayRule]:
    """Those that are not over yet."""
    ahead = DayRule.objects.filter(
        organisation=actor.organisation_id, last__gte=timezone.localdate()
    )
    return list(ahead.select_related("department", "clinician").order_by("first", "pk"))


def departments_of(organisation_id: UUID | None) -> list[Department]:
    return list(Department.objects.filter(organisation=organisation_id).order_by("name"))


def doctors_of(organisation_id: UUID | None) -> list[User]:
    """Who sees patients there today, by name."""
    today = timezone.localdate()
    roles = PractitionerRole.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        organisation=organisation_id,
        role__in=CLINICAL,
        starts_on__lte=today,
    )
    doctors = User.objects.filter(pk__in=roles.values("user"), is_active=True)
    return list(doctors.order_by("name", "pk"))


def specialists_in(department: Department) -> list[User]:
    """Who works as a specialist in that department today, by name."""
    here = doctors_of(department.organisation_id)
    today = timezone.localdate()
    roles = PractitionerRole.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), department=department, role=Role.SPECIALIST
    )
    return [one for one in here if one.pk in set(roles.values_list("user", flat=True))]


def doctors_in(department: Department) -> list[User]:
    """Who sees patients there on one of the days ahead, by name."""
    ahead = Session.objects.filter(
        department=department, state=State.PUBLISHED, day__gte=timezone.localdate()
    )
    doctors = User.objects.filter(pk__in=ahead.order_by().values("clinician"))
    return list(doctors.order_by("name", "pk"))


def open_disagreements(actor: User) -> QuerySet[Disagreement]:
    """Where the hospital's own system and the rows here differ now, the soonest session first."""
    rows = Disagreement.objects.filter(session__organisation=actor.organisation_id)
    rows = rows.filter(state=Disagreement.State.OPEN) if may_keep(actor) else rows.none()
    return rows.order_by("session__during", "pk")


def disagreements_shown(actor: User) -> list[Disagreement]:
    """As many of them as fit on a page, with what the page says of each."""
    related = ["session__clinician", "session__department", "period", "application"]
    return list(open_disagreements(actor).select_related(*related)[:MOST_SHOWN])


def settled_lately(actor: User) -> list[Disagreement]:
    """What somebody decided, the last first."""
    if not may_keep(actor):
        return []
    rows = Disagreement.objects.filter(session__organisation=actor.organisation_id)
    decided = rows.filter(settled_by__isnull=False).order_by("-settled_at")
    related = ["session__clinician", "session__department", "period", "settled_by", "application"]
    return list(decided.select_related(*related)[:LATELY])


def booked_about(rows: Iterable[Disagreement]) -> dict[UUID, list[Booked]]:
    """By disagreement: who has a place in its period, or in its whole session."""
    about = {one.pk: (one.session_id, one.period_id) for one in rows}
    sessions = [session for session, period in about.values() if period is None]
    of_session = dict(Period.objects.filter(session__in=sessions).values_list("pk", "session"))
    single = [period for _session, period in about.values() if period]
    there = booked_in({*of_session, *single})
    return {
        key: [
            one
            for one in there
            if one.period_id == period
            or (period is None and of_session.get(one.period_id) == session)
        ]
        for key, (session, period) in about.items()
    }
