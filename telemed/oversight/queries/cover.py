"""Which counties have nobody on call this hour: of their hospitals, no rota names anybody now."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from telemed.organisations.models import Division, Organisation
from telemed.oversight.places import DIGITS, Level, Spot
from telemed.rota.models import Rota, Shift, month_of
from telemed.rota.queries import CALLS

COUNTY = DIGITS[Level.COUNTY]


@dataclass(frozen=True)
class Gap:
    """A county without anybody; `planned`: one of its hospitals has a rota for this month."""

    code: str
    name: str
    planned: bool


@dataclass(frozen=True)
class Cover:
    counties: int
    gaps: list[Gap]

    @property
    def planned(self) -> list[Gap]:
        """Holes in a rota: what somebody can fill this hour."""
        return [gap for gap in self.gaps if gap.planned]

    @property
    def without_rota(self) -> list[Gap]:
        return [gap for gap in self.gaps if not gap.planned]


def find_cover(spot: Spot) -> Cover | None:
    """In two statements, of the counties with a hospital; None below a prefecture."""
    if spot.level not in (Level.PROVINCE, Level.PREFECTURE):
        return None
    now = timezone.now()
    on_call = Shift.objects.everywhere(now).filter(
        kind__in=CALLS, rota__organisation=OuterRef("pk")
    )
    rota = Rota.objects.filter(
        organisation=OuterRef("pk"), state=Rota.State.PUBLISHED, month=month_of(now)
    )
    hospitals = Organisation.objects.filter(
        kind=Organisation.Kind.HOSPITAL, division__code__startswith=spot.here.prefix
    )
    found = hospitals.annotate(covered=Exists(on_call), planned=Exists(rota))
    covered: dict[str, bool] = {}
    planned: dict[str, bool] = {}
    for code, on, has_rota in found.values_list("division", "covered", "planned"):
        county = code[:COUNTY]
        covered[county] = covered.get(county, False) or on
        planned[county] = planned.get(county, False) or has_rota
    named = Division.objects.filter(code__in=[c for c, on in covered.items() if not on])
    named = named.filter(level=Level.COUNTY).order_by("code")
    gaps = [Gap(code, name, planned[code]) for code, name in named.values_list("code", "name")]
    return Cover(len(covered), gaps)
