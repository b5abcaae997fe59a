"""What closing a team would mean, how far it came, and who was left without one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.registration import rules
from scheduling.registration.models import (
    CHOOSES,
    LIVE,
    OPEN,
    Channel,
    Closing,
    Contract,
    Left,
    Status,
    Team,
)
from scheduling.registration.permissions import COUNTY, may_keep_teams, may_see_left
from scheduling.registration.queries.contracts import SHOWN
from scheduling.registration.queries.teams import open_teams, workloads
from scheduling.registration.villages import village_in
from telemed.core.errors import NotFound
from telemed.people.models import User

MOST = 200
CHOOSE_AND_A_DAY = CHOOSES + timedelta(days=1)
BOUND = [Status.SIGNED, *LIVE]  # holds a place of a doctor


@dataclass(frozen=True)
class Candidate:
    """A team of the same area, and for how many its doctors have room."""

    team: Team
    free: int


def bound_to(team: Team, day: date | None = None) -> QuerySet[Contract]:
    """What still has to be handed over: signed and not over, or waiting for somebody."""
    day = day or timezone.localdate()
    over = Q(status=Status.RENEWED, term__endswith__gt=day)
    signed = Q(status__in=BOUND, term__endswith__gt=day)
    return Contract.objects.filter(Q(status__in=OPEN) | signed | over, team=team)


def people_by_village(team: Team) -> dict[str, int]:
    """Everybody who is signed once, the largest village first; "" where the address names none."""
    signed = bound_to(team).exclude(status__in=OPEN)
    rows = signed.order_by("person_key").distinct("person_key")
    counted = Counter(map(village_in, rows.values_list("patient__address", flat=True)))
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def successors_of(team: Team) -> list[Candidate]:
    """Teams of the same place that take people; the own clinic's first, then by room."""
    area = team.organisation.division_id
    around = open_teams().filter(
        organisation__division__code__startswith=area[:COUNTY], shut_on=None
    )
    near = [one for one in around.exclude(pk=team.pk).order_by("pk")[:MOST] if _meets(one, area)]
    found: list[Candidate] = []
    for place in {one.organisation_id for one in near}:
        here = [one for one in near if one.organisation_id == place]
        loads = workloads(here, rules.value(rules.CAP, place))
        found += [Candidate(one, loads[one.pk].free) for one in here]
    return sorted(
        found,
        key=lambda one: (one.team.organisation_id != team.organisation_id, -one.free, one.team.pk),
    )


def _meets(team: Team, area: str) -> bool:
    own = team.organisation.division_id
    return own.startswith(area) or area.startswith(own)


def closing_now(team: Team) -> Closing | None:
    rows = team.closings.filter(finished_at=None)
    return rows.select_related("begun_by", "team").first()


def last_closing(team: Team) -> Closing | None:
    return team.closings.order_by("-begun_at", "-pk").first()


def get_closing(actor: User, closing_id: UUID) -> Closing:
    """One of a team of the clinic that the actor keeps. Raises NotFound for any other."""
    rows = Closing.objects.filter(pk=closing_id, team__organisation=actor.organisation_id)
    shown = rows.select_related("team__organisation", "begun_by")
    found = shown.first() if may_keep_teams(actor) else None
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def people_to_hand_over(team: Team, limit: int) -> list[UUID]:
    """Whose turn it is, in the order in which people are locked."""
    rows = bound_to(team).order_by("person_key").values_list("person_key", flat=True)
    return list(rows.distinct()[:limit])


def left_in_county(actor: User) -> list[Left]:
    """Who still has no team, the longest first; who has signed with another meanwhile is not."""
    if not may_see_left(actor) or actor.organisation is None:
        return []
    county = actor.organisation.division_id[:COUNTY]
    rows = _unsettled().filter(closing__team__organisation__division__code__startswith=county)
    shown = [f"contract__{path}" for path in SHOWN]
    found = rows.select_related("closing__team__organisation", "closing__begun_by", *shown)
    return list(found.order_by("closing__begun_at", "pk")[:MOST])


def get_left(actor: User, left_id: UUID) -> Left:
    """Of the own county, settled or not. Raises NotFound for any other."""
    county = actor.organisation.division_id[:COUNTY] if actor.organisation else ""
    rows = Left.objects.filter(
        pk=left_id, closing__team__organisation__division__code__startswith=county
    )
    found = rows.select_related("contract", "closing").first()
    if found is None or not may_see_left(actor) or not county:
        raise NotFound(_("Not found, or not yours to know of."))
    return found


def _unsettled() -> QuerySet[Left]:
    signed = Contract.objects.filter(
        person_key=OuterRef("contract__person_key"), status__in=[Status.SIGNED, *LIVE]
    )
    return Left.objects.filter(~Exists(signed), settled_at=None)


def count_left(closing: Closing) -> int:
    return closing.left.count()


def handed_to(teams: Iterable[Team]) -> QuerySet[Contract]:
    """Whom these teams have taken over and who may still choose another."""
    since = timezone.now() - CHOOSE_AND_A_DAY
    rows = Contract.objects.filter(team__in=teams, channel=Channel.HANDED, status__in=LIVE)
    return rows.filter(applied_at__gte=since).select_related(*SHOWN)


def taken_over_by(closing: Closing) -> list[tuple[Team, int]]:
    """By team how many came to it, as far as it is done."""
    rows = Contract.objects.filter(
        replaces__team=closing.team, channel=Channel.HANDED, applied_at__gte=closing.begun_at
    )
    counts = dict(rows.values_list("team").annotate(n=Count("pk")).order_by())
    teams = Team.objects.filter(pk__in=counts).select_related("organisation")
    return [(team, counts[team.pk]) for team in teams.order_by("name", "pk")]
