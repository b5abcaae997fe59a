"""Where an account may look, and the way down to where it looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from telemed.core.errors import Forbidden, Invalid, NotFound
from telemed.organisations.models import Division, Organisation
from telemed.oversight import permissions
from telemed.oversight.indicators import EVERYTHING, Cut, Side
from telemed.people.models import User

Level = Division.Level
# How many digits of a GB/T 2260 code a place of that level shares with all that lies in it.
DIGITS = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9}
LEVELS = {2: Level.PROVINCE, 4: Level.PREFECTURE, 6: Level.COUNTY}
YEAR = 12
LONGEST_CODE = 6  # below a county come its institutions
# What tells the parts of a place apart.
PARTS = {
    Level.PROVINCE: Cut.PREFECTURE,
    Level.PREFECTURE: Cut.COUNTY,
    Level.COUNTY: Cut.INSTITUTION,
    Level.TOWNSHIP: Cut.INSTITUTION,
}
CUTS = {Level.PREFECTURE: Cut.PREFECTURE, Level.COUNTY: Cut.COUNTY}


@dataclass(frozen=True)
class Step:
    """One place on the way down: where its cell stands in an answer, and its address."""

    name: str
    prefix: str  # of the codes of all that lies in it
    cut: Cut = Cut.TOTAL
    key: str = EVERYTHING
    query: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Spot:
    """
    Where one looks. `trail` begins at what the account answers for and ends there.

    `organisation` where it is an institution; `own` where that is all the account may see.
    """

    trail: tuple[Step, ...]
    parts: Cut | None
    organisation: Organisation | None = None
    own: bool = False
    level: Level | None = None

    @property
    def here(self) -> Step:
        return self.trail[-1]

    @property
    def root(self) -> Step:
        return self.trail[0]

    @property
    def usual_span(self) -> int:
        """Months that the rows stand for: of one institution a single month shows too few."""
        return 1 if self.parts in (Cut.PREFECTURE, Cut.COUNTY) else YEAR

    @property
    def usual_side(self) -> Side:
        """A clinic's own figures are about what it asks, a hospital's about what it is asked."""
        kind = self.organisation.kind if self.organisation and self.own else ""
        return Side.ASKED if kind == Organisation.Kind.HOSPITAL else Side.ASKING


def find_spot(actor: User, place: str = "", institution: UUID | None = None) -> Spot:
    """
    The place or institution that is named, or all that the account answers for.

    Raises Forbidden for whoever sees no figures, Invalid for what is no code, and NotFound for
    what is not there or lies elsewhere.
    """
    organisation = actor.acting_organisation
    if permissions.runs(actor):
        if place or institution not in (None, organisation.pk):
            raise no_place()
        step = Step(organisation.name, "")
        return Spot((step,), Cut.PARTNER, organisation, own=True)
    if not permissions.oversees(actor):
        raise Forbidden(
            _("Figures are for the health commission and those who run an institution.")
        )
    root = organisation.division
    if institution:
        return _institution(root, institution)
    return _division(root, place)


def prefix_of(division: Division) -> str:
    return division.code[: DIGITS[Level(division.level)]]


def no_place() -> NotFound:
    return NotFound(_("There is no such place, or it is not yours to look at."), path="place")


def _division(root: Division, place: str) -> Spot:
    prefix = prefix_of(root)
    if place and not (place.isascii() and place.isdigit() and len(place) in LEVELS):
        message = _("Choose a place by its code of 2, 4 or 6 digits, like 5201.")
        raise Invalid(message, path="place")
    if place and not place.startswith(prefix):
        raise no_place()
    trail = _trail(root, place)
    if place and trail[-1].prefix != place:
        raise no_place()
    level = LEVELS.get(len(trail[-1].prefix), Level.TOWNSHIP)
    return Spot(trail, PARTS[level], level=level)


def _institution(root: Division, institution: UUID) -> Spot:
    inside = Organisation.objects.filter(division__code__startswith=prefix_of(root))
    below = inside.filter(division__level__in=[Level.COUNTY, Level.TOWNSHIP])
    found = below.exclude(kind=Organisation.Kind.AUTHORITY).filter(pk=institution).first()
    if found is None:
        raise no_place()
    way = _trail(root, found.division_id[:LONGEST_CODE])
    here = Step(found.name, "", Cut.INSTITUTION, str(found.pk), {"institution": str(found.pk)})
    return Spot((*way, here), None, found)


def _trail(root: Division, place: str) -> tuple[Step, ...]:
    """From the root down to that code; what is not in the tree is left out."""
    first = Step(root.name, prefix_of(root), query={})
    lengths = [n for n in LEVELS if len(first.prefix) < n <= len(place)]
    if not lengths:
        return (first,)
    prefixes = {place[:length]: LEVELS[length] for length in lengths}
    codes = {code for prefix in prefixes for code in (prefix, prefix.ljust(LONGEST_CODE, "0"))}
    found = Division.objects.filter(code__in=codes, level__in=set(prefixes.values()))
    names = {prefix_of(division): division.name for division in found}
    below = [
        Step(names[prefix], prefix, CUTS[level], prefix, {"place": prefix})
        for prefix, level in prefixes.items()
        if prefix in names
    ]
    return (first, *below)
