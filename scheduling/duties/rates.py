"""Kept promises of teams, and beside them those of the county: in all, and to each group."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from scheduling.duties.calendar import RULES, WINDOW
from scheduling.duties.models import Duty, Rate, Status
from scheduling.duties.queries import YEAR
from scheduling.registration.models import Group, Team
from scheduling.registration.permissions import COUNTY
from scheduling.registration.promises import Beside, Kept, OfGroup

FRESH = timedelta(days=2)  # what was counted longer ago says nothing about now
SHOWN_FROM = 5  # fewer say more about people than about the team
EVERYBODY = ""
Counts = dict[tuple[Any, bool], tuple[int, int]]  # of whom or what, face to face: kept, owed


def kept_by(teams: Sequence[Team]) -> dict[UUID, Kept]:
    """Confirmed of those that left their window in the last year."""
    counts = _counts(_left_window(teams).values_list("contract__team", "face"))
    return {team.pk: _kept(counts, team.pk) for team in teams}


def beside(team: Team, groups: Sequence[Group]) -> Beside:
    """Groups to which too little was owed to say are left out."""
    county = team.organisation.division_id[:COUNTY]
    counted, own = _counted(county), _of_team(team) if groups else {}
    found = [OfGroup(group, _kept(own, group), _kept(counted, group)) for group in groups]
    return Beside(
        county=_kept(counted, EVERYBODY),
        groups=tuple(one for one in found if one.team.is_known or one.county.is_known),
    )


def counties_to_count() -> list[str]:
    """Those with a team whose rates are not of today."""
    today = timezone.localdate()
    places = Team.objects.order_by().values_list("organisation__division_id", flat=True).distinct()
    done = set(Rate.objects.filter(counted_on=today).values_list("county", flat=True))
    return sorted({place[:COUNTY] for place in places if place} - done)


def _counted(county: str) -> Counts:
    rows = Rate.objects.filter(county=county, counted_on__gt=timezone.localdate() - FRESH)
    return {(one.group, one.face): (one.kept, one.owed) for one in rows}


def _of_team(team: Team) -> Counts:
    """By group, of one look at its services: some belong to several groups."""
    by_rule = _counts(_left_window([team]).values_list("rule", "face"))
    found: Counts = {}
    for code, group in {(rule.code, rule.group) for rule in RULES if rule.group}:
        for face in (True, False):
            kept, owed = found.get((group, face), (0, 0))
            more = by_rule.get((code, face), (0, 0))
            found[group, face] = (kept + more[0], owed + more[1])
    return found


def _kept(counts: Counts, of: Any) -> Kept:
    return Kept(face=_rate(counts.get((of, True))), remote=_rate(counts.get((of, False))))


def _left_window(teams: Sequence[Team]) -> QuerySet[Duty]:
    today = timezone.localdate()
    return Duty.objects.filter(
        contract__team__in=[team.pk for team in teams],
        due_on__lt=today - WINDOW,
        due_on__gte=today - YEAR,
    ).exclude(status__in=[Status.WAIVED, Status.PLANNED])


def _counts(rows: QuerySet[Duty, tuple[Any, bool]]) -> Counts:
    counted = rows.annotate(kept=Count("pk", filter=Q(status=Status.CONFIRMED)), owed=Count("pk"))
    return {(what, face): (kept, owed) for what, face, kept, owed in counted.order_by()}


def _rate(counts: tuple[int, int] | None) -> int | None:
    """Per cent; None where too few left their window to say."""
    if counts is None or counts[1] < SHOWN_FROM:
        return None
    kept, owed = counts
    return round(100 * kept / owed)
