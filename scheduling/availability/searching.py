"""Finding whom to see: near first, then who is free soonest."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Replace
from django.utils import timezone

from scheduling.availability.models import (
    BOOKABLE,
    Kind,
    Period,
    PeriodPool,
    PeriodState,
    Pool,
    Session,
    State,
)
from scheduling.availability.queries import left_for_the_desk, open_periods
from scheduling.availability.symptoms import specialties_for
from telemed.core.names import letters_of, sounds_like
from telemed.organisations.models import Department, Specialty
from telemed.organisations.queries.distances import COUNTY, distance, locate
from telemed.people.models import PractitionerRole, User

Rank = tuple[int, int]
Walked = tuple[QuerySet[Department], Callable[[UUID], Rank]]
SHOWN = 30
AHEAD = 14  # days in the strip


@dataclass(frozen=True)
class Day:
    """One day of the strip: how many places are free; None where nobody is there."""

    day: date
    free: int | None


def find_departments(
    text: str,
    division: str,
    pools: Sequence[str],
    *,
    organisation_id: UUID | None = None,
    nearest: bool = False,
) -> list[Department]:
    """
    Departments with a place for these pools, `first` being the soonest, `km` how far away it is.

    Those of the county first, each ring by time; `nearest`: by the kilometres, then by time.
    `text`: a hospital, a department, a doctor or what hurts, in characters, pinyin or initials.
    Without it, those of the prefecture of `division` (a GB/T 2260 code).
    """
    there = Department.objects.filter(organisation__active=True)
    if organisation_id:
        there = there.filter(organisation=organisation_id)
    there = _matching(there, text.strip(), division).annotate(near=_nearness(division))
    walked = _by_distance(there, division) if nearest and division else _by_ring(there)
    soonest: list[tuple[Rank, datetime, UUID]] = []
    for those, rank_of in walked:  # the far ones only when the near ones do not fill the page
        soonest += sorted((rank_of(pk), first, pk) for pk, first in _soonest(those, pools))
        if len(soonest) >= SHOWN:
            break
    shown = {pk: first for _rank, first, pk in soonest[:SHOWN]}
    found = Department.objects.select_related("organisation").in_bulk(shown)
    kilometres = _kilometres(division, {one.organisation.division_id for one in found.values()})
    for pk, first in shown.items():
        one: Any = found[pk]
        place = one.organisation.division_id
        one.first, one.km = first, kilometres[place]
        one.in_county = bool(division) and place.startswith(division[:COUNTY])
    return [found[pk] for pk in shown]


def _by_ring(there: QuerySet[Any]) -> Iterator[Walked]:
    for near in (0, 1, 2):
        yield there.filter(near=near), _all_alike((0, near))


def _all_alike(rank: Rank) -> Callable[[UUID], Rank]:
    return lambda _pk: rank


def _by_distance(there: QuerySet[Any], division: str) -> Iterator[Walked]:
    """
    The nearest first, some more each time, none without those that are as far away.

    Where the map knows nothing the rings do, and come last.
    """
    rows = list(there.values_list("pk", "organisation__division", "near"))
    kilometres = _kilometres(division, {place for _pk, place, _near in rows})
    ranks: dict[UUID, Rank] = {}
    for pk, place, near in rows:
        km = kilometres[place]
        ranks[pk] = (1, near) if km is None else (0, km)
    those: list[UUID] = []
    size = 2 * SHOWN
    for _rank, as_far in groupby(sorted(ranks, key=ranks.__getitem__), ranks.__getitem__):
        those += as_far
        if len(those) >= size:
            yield Department.objects.filter(pk__in=those), ranks.__getitem__
            those, size = [], 2 * size
    yield Department.objects.filter(pk__in=those), ranks.__getitem__


def _kilometres(division: str, places: Collection[str]) -> dict[str, int | None]:
    """How far from the division each place is; None where the map lacks one of them."""
    if not (division and places):
        return dict.fromkeys(places)
    located = locate({division, *places})
    return {place: distance(located, division, place) for place in places}


def _nearness(division: str) -> Case:
    """0 in the county, 1 in the prefecture, 2 beyond; everything is as near without a division."""
    if not division:
        return Case(default=Value(0), output_field=IntegerField())
    return Case(
        When(organisation__division__code__startswith=division[:6], then=Value(0)),
        When(organisation__division__code__startswith=division[:4], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _soonest(there: QuerySet[Department], pools: Sequence[str]) -> list[tuple[UUID, datetime]]:
    """
    When each has its first free place, by one short walk along its own open periods; at the desk
    also by what is left after booking from afar has ended.

    Ordered by time alone: with the id behind it the planner walks the periods of all departments.
    """
    first = open_periods(pools).filter(department=OuterRef("pk")).order_by("starts_at")
    asked = there.annotate(first=Subquery(first.values("starts_at")[:1])).values_list("pk", "first")
    found = {pk: first for pk, first in asked if first}
    if Pool.WALK_IN in pools:
        rows = left_for_the_desk(there.values("pk")).order_by().values("department")
        for pk, left in rows.annotate(first=Min("starts_at")).values_list("department", "first"):
            found[pk] = min(left, found.get(pk, left))
    return list(found.items())


def _matching(there: QuerySet[Department], text: str, division: str) -> QuerySet[Department]:
    if not text:
        if not division:
            return there
        return there.filter(organisation__division__code__startswith=division[:4])
    letters = letters_of(text)
    named = [
        value
        for value, label in Specialty.choices
        if text.casefold() in str(label).casefold()
        or (letters and sounds_like(str(label), letters))
    ]
    sessions = Session.objects.filter(
        clinician__in=_doctors(text, letters), state=State.PUBLISHED, day__gte=timezone.localdate()
    )
    return there.filter(
        Q(name__icontains=text)
        | Q(organisation__name__icontains=text)
        | Q(organisation__pinyin_initials__istartswith=text)
        | Q(specialty__in=[*specialties_for(text), *named])
        | Q(pk__in=sessions.values("department"))
        | (_sounding(there, letters) if letters else Q())
    )


def _doctors(text: str, letters: str) -> QuerySet[PractitionerRole, Any]:
    """
    Of those who have posts, not of all people: residents' names are a thousand times as many.

    Letters are the beginning of a reading, which the index knows; characters any part of a name.
    """
    called = PractitionerRole.objects.filter(user__name__icontains=text)
    if letters:
        people = User.objects.alias(unspaced=Replace("pinyin", Value(" "), Value("")))
        read = people.filter(Q(initials__startswith=letters) | Q(unspaced__startswith=letters))
        called = PractitionerRole.objects.filter(user__in=read)
    return called.values("user")


def _sounding(there: QuerySet[Department], letters: str) -> Q:
    """Departments and hospitals by their reading: few names, read in memory and kept there."""
    names = there.values_list("name", flat=True).distinct()
    hospitals = there.values_list("organisation", "organisation__name").distinct()
    return Q(name__in=[name for name in names if sounds_like(name, letters)]) | Q(
        organisation__in=[pk for pk, name in hospitals if sounds_like(name, letters)]
    )


def days_of(
    department: Department,
    pools: Sequence[str],
    clinician: UUID | None = None,
    *,
    in_person: bool = False,
) -> list[Day]:
    """The strip above the times: each day that can be booked; `in_person`: video does not count."""
    today = timezone.localdate()
    sessions = Session.objects.filter(
        department=department,
        state=State.PUBLISHED,
        day__gte=today,
        day__lte=today + timedelta(days=AHEAD),
    )
    if clinician:
        sessions = sessions.filter(clinician=clinician)
    if in_person:
        sessions = sessions.exclude(kind=Kind.VIDEO)
    there = dict.fromkeys(sessions.order_by("day").values_list("day", flat=True), 0)
    free = (
        PeriodPool.objects.filter(_takeable(pools), period__session__in=sessions)
        .values(day=F("period__session__day"))
        .annotate(left=Sum(F("places") - F("taken")))
    )
    there.update(free.values_list("day", "left"))
    return [Day(day, places) for day, places in there.items()]


def _takeable(pools: Sequence[str]) -> Q:
    """Places of these pools: from afar until the close, at the desk until the period is over."""
    now = timezone.now()
    there = Q(period__state=PeriodState.OPEN, period__closes_at__gt=now, pool__in=pools)
    if Pool.WALK_IN in pools:
        there |= Q(period__state__in=BOOKABLE, period__ends_at__gt=now, pool=Pool.WALK_IN)
    return there


def periods_of(
    department: Department, day: date, pools: Sequence[str], clinician: UUID | None = None
) -> list[Period]:
    """The periods of a day by doctor, each with `free` places for these pools and `back`."""
    rows = Period.objects.filter(
        session__department=department,
        session__day=day,
        session__state__in=[State.PUBLISHED, State.STOPPED],
    ).exclude(state=PeriodState.PLANNED)
    if clinician:
        rows = rows.filter(clinician=clinician)
    mine = Q(pools__pool__in=pools)
    rows = rows.annotate(
        free=Sum(F("pools__places") - F("pools__taken"), filter=mine, default=0),
        back=Sum("pools__returned", filter=mine, default=0),
    )
    shown = rows.select_related("session", "clinician__practitioner", "organisation")
    return list(shown.order_by("clinician__name", "starts_at", "pk"))


def first_free_day(days: Sequence[Day]) -> date | None:
    return next((one.day for one in days if one.free), days[0].day if days else None)
