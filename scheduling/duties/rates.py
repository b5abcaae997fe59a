"""Kept promises beside those of the county, in all and to the groups of one person."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from scheduling.duties.calendar import RULES
from scheduling.duties.models import Rate
from scheduling.duties.queries import kept_by, rate
from scheduling.registration.models import Group, Team
from scheduling.registration.permissions import COUNTY
from scheduling.registration.promises import Beside, Kept, OfGroup

FRESH = timedelta(days=2)  # what was counted longer ago says nothing about now
EVERYBODY = ""


def beside(team: Team, groups: Sequence[Group]) -> Beside:
    """Groups to which too little was owed to say are left out."""
    county = team.organisation.division_id[:COUNTY]
    counted = _counted(county)
    return Beside(
        county=_kept(counted, EVERYBODY),
        groups=tuple(
            one
            for group in groups
            if (one := OfGroup(group, _of_team(team, group), _kept(counted, group))).team.is_known
            or one.county.is_known
        ),
    )


def counties_to_count() -> list[str]:
    """Those with a team whose rates are not of today."""
    today = timezone.localdate()
    places = Team.objects.order_by().values_list("organisation__division_id", flat=True).distinct()
    done = set(Rate.objects.filter(counted_on=today).values_list("county", flat=True))
    return sorted({place[:COUNTY] for place in places if place} - done)


def _counted(county: str) -> dict[tuple[str, bool], tuple[int, int]]:
    rows = Rate.objects.filter(county=county, counted_on__gt=timezone.localdate() - FRESH)
    return {(one.group, one.face): (one.kept, one.owed) for one in rows}


def _kept(counted: dict[tuple[str, bool], tuple[int, int]], group: str) -> Kept:
    return Kept(face=rate(counted.get((group, True))), remote=rate(counted.get((group, False))))


def _of_team(team: Team, group: Group) -> Kept:
    codes = [rule.code for rule in RULES if rule.group == group]
    return kept_by([team], codes)[team.pk]
