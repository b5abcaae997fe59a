"""Which hospitals can answer, in the order in which we would ask them, and what speaks for each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from math import asin, cos, inf, radians, sin, sqrt
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, Func
from django.utils import timezone

from consult.requests.models import UNANSWERED, Case
from consult.requests.queries.people import is_at_desk
from telemed.organisations.models import Division, Organisation, Service
from telemed.organisations.queries import Partner, partners_with_state
from telemed.people import licences
from telemed.people.models import PractitionerRole, Role
from telemed.rota.queries import called_now

RECENT = 50  # requests of one hospital that its median is taken over
LATELY = timedelta(days=90)
FEWEST = 5  # answers; fewer say nothing about the next one
STEP = 15  # minutes that count as one difference between medians
UNKNOWN = 60  # minutes we take for a hospital that nobody asked lately
EARTH = 6371.0  # km
AT_ONCE = 500  # accounts of all partners that are looked at
# The last requests of each hospital about a specialty, and how long the first answer took.
ANSWERS = """
    SELECT place.id, count(minutes), percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes)
    FROM unnest(%(hospitals)s::uuid[]) place(id) CROSS JOIN LATERAL (
        SELECT extract(epoch FROM taken.answered_at - taken.sent_at) / 60 AS minutes
        FROM (
            SELECT id FROM requests_case
            WHERE asked_id = place.id AND specialty = %(specialty)s AND status <> 'draft'
            ORDER BY id DESC LIMIT %(recent)s
        ) asked
        CROSS JOIN LATERAL (
            SELECT
                min(at) FILTER (WHERE action = 'case.submit' AND at >= %(since)s) AS sent_at,
                min(at) FILTER (WHERE action IN ('case.accept', 'offer.decline')) AS answered_at
            FROM requests_step WHERE case_id = asked.id
        ) taken
    ) lately
    GROUP BY place.id
"""


class Among(Func):
    """
    Whether a column is one of an array, which is read first.

    A join may be planned from its other side, and for a few hospitals reads every licence of the
    province.
    """

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()


@dataclass(frozen=True, kw_only=True)
class Route:
    """
    One hospital and what it could do for this request now.

    `fit` doctors may answer for the specialty; of them `on_duty` are called by the rota and
    `present` sit at the desk. `minutes` is the median of the first answer, over `answers`.
    """

    partner: Partner
    fit: int = 0
    on_duty: int = 0
    present: int = 0
    waiting: int = 0
    minutes: float | None = None
    answers: int = 0
    kilometres: float | None = None

    @property
    def organisation(self) -> Organisation:
        return self.partner.organisation

    @property
    def can_answer(self) -> bool:
        return self.partner.in_force and self.fit > 0

    @property
    def rank(self) -> tuple[float, ...]:
        """What counts first: an agreement, somebody fit, on duty, there; then who is quick."""
        pace = round((self.minutes if self.minutes is not None else UNKNOWN) / STEP)
        load = self.waiting / max(self.present, 1)
        far = self.kilometres if self.kilometres is not None else inf
        there = (not self.partner.in_force, not self.fit, not self.on_duty, not self.present)
        return (*there, pace, load, far, self.organisation.number)


@dataclass
class _There:
    """The doctors of one hospital who fit."""

    fit: set[UUID] = field(default_factory=set)
    present: set[UUID] = field(default_factory=set)


def propose(asking: Organisation, specialty: str, service: str = Service.CONSULT) -> list[Route]:
    """
    Every hospital an institution has, or had, an agreement with: whom we would ask, first.

    Without a specialty every doctor counts who may answer for their own.
    """
    partners = partners_with_state(asking, service)
    open_to = [partner.organisation for partner in partners if partner.in_force]
    there = _doctors(open_to, specialty)
    called = called_now([one.pk for one in open_to], specialty)
    waiting = _waiting(open_to)
    answers = _answers(open_to, specialty)
    places = _places([asking, *(partner.organisation for partner in partners)])
    routes = []
    for partner in partners:
        key = partner.organisation.pk
        doctors = there.get(key, _There())
        count, minutes = answers.get(key, (0, None))
        routes.append(
            Route(
                partner=partner,
                fit=len(doctors.fit),
                on_duty=len(doctors.fit & called.get(key, set())),
                present=len(doctors.present),
                waiting=waiting[key],
                minutes=minutes if count >= FEWEST else None,
                answers=count,
                kilometres=_distance(
                    places.get(asking.division_id), places.get(partner.organisation.division_id)
                ),
            )
        )
    return sorted(routes, key=lambda route: route.rank)


def next_hospitals(case: Case) -> list[Organisation]:
    """Others that could answer and were not asked about it yet, the best first."""
    asked = {case.asked_id, *case.offers.values_list("organisation", flat=True)}
    routes = propose(case.asking, case.specialty)
    return [
        route.organisation
        for route in routes
        if route.partner.in_force and route.organisation.pk not in asked
    ]


def _doctors(hospitals: Iterable[Organisation], specialty: str) -> dict[UUID, _There]:
    """By hospital, who passes the licence gate there for the specialty."""
    today = timezone.localdate()
    by_key = {hospital.pk: hospital for hospital in hospitals}
    held = PractitionerRole.objects.filter(
        organisation__in=by_key, role=Role.SPECIALIST, ends_on=None
    )
    roles = held.filter(
        Among("user__practitioner__user", ArraySubquery(held.values("user"))),
        user__is_active=True,
        user__practitioner__isnull=False,
    )
    if specialty:
        roles = roles.filter(user__practitioner__specialty=specialty)
    related = ("user__practitioner", "user__presence")
    found: dict[UUID, _There] = {}
    for role in roles.select_related(*related).prefetch_related("user__roles")[:AT_ONCE]:
        hospital = by_key[role.organisation_id]
        licence = role.user.practitioner
        own = specialty or licence.specialty
        if not licences.why_not(licence, own, hospital, today, answering=True):
            there = found.setdefault(role.organisation_id, _There())
            there.fit.add(role.user_id)
            if is_at_desk(role.user):
                there.present.add(role.user_id)
    return found


def _waiting(hospitals: Iterable[Organisation]) -> Counter[UUID]:
    """How many requests wait for a first answer there."""
    open_cases = Case.objects.filter(asked__in=list(hospitals), status__in=UNANSWERED)
    return Counter(open_cases.values_list("asked_id", flat=True))


def _answers(
    hospitals: Iterable[Organisation], specialty: str
) -> dict[UUID, tuple[int, float | None]]:
    """How many of the last requests were answered there, and after how many minutes, median."""
    values: dict[str, Any] = {
        "hospitals": [hospital.pk for hospital in hospitals],
        "specialty": specialty,
        "since": timezone.now() - LATELY,
        "recent": RECENT,
    }
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, values)
        return {key: (count, minutes) for key, count, minutes in cursor.fetchall()}


def _places(organisations: Iterable[Organisation]) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of their divisions; a township without any stands at its county's."""
    codes = {organisation.division_id for organisation in organisations}
    rows = Division.objects.filter(pk__in=codes).values_list(
        "pk", "longitude", "latitude", "parent__longitude", "parent__latitude"
    )
    places: dict[str, tuple[float, float]] = {}
    for code, longitude, latitude, above_longitude, above_latitude in rows:
        own = longitude is not None and latitude is not None
        east, north = (longitude, latitude) if own else (above_longitude, above_latitude)
        if east is not None and north is not None:
            places[code] = (east, north)
    return places


def _distance(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """Kilometres as the crow flies (haversine)."""
    if one is None or other is None:
        return None
    (east, north), (east2, north2) = ((radians(a), radians(b)) for a, b in (one, other))
    chord = sin((north2 - north) / 2) ** 2
    chord += cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2
    return 2 * EARTH * asin(sqrt(chord))
