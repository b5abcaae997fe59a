"""What the parts of a picture are called; each list is bounded by what one page shows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.organisations.models import Agreement, Department, Division, Organisation, Specialty
from telemed.oversight.indicators import Cut, Side, urgencies
from telemed.oversight.places import Spot, prefix_of


@dataclass(frozen=True)
class Name:
    """A part by its key; `query` is its address where there is something below it."""

    key: str
    name: str
    query: Mapping[str, str] | None = None


def of_places(spot: Spot, found: Iterable[str]) -> Iterator[Name]:
    """The divisions of the level below, and what lies directly under this one."""
    level = Division.Level.COUNTY if spot.parts == Cut.COUNTY else Division.Level.PREFECTURE
    places = _below(spot.here.prefix, level)
    for key, name in places.items():
        yield Name(key, name, {"place": key})
    directly = _("Directly under {place}").format(place=spot.here.name)
    yield from (Name(key, directly) for key in found if key not in places)


def of_counties(prefix: str) -> dict[str, str]:
    """By code: what a map says of each."""
    return _below(prefix, Division.Level.COUNTY)


def of_institutions(prefix: str, found: Collection[str]) -> Iterator[Name]:
    """Those that can ask, and whoever has a case."""
    here = Organisation.objects.filter(division__code__startswith=prefix)
    clinics = Q(kind=Organisation.Kind.TOWNSHIP_CLINIC, active=True)
    rows = here.filter(clinics | Q(pk__in=_ids(found))).order_by("number")
    for pk, name in rows.values_list("pk", "name"):
        yield Name(str(pk), name, {"institution": str(pk)})


def of_partners(organisation: Organisation, side: Side, found: Collection[str]) -> Iterator[Name]:
    """Who may ask here (or is asked from here) today, and whoever has a case with us."""
    agreed = Agreement.objects.in_force(timezone.localdate()).filter(**{side: organisation.pk})
    other = Side.ASKED if side == Side.ASKING else Side.ASKING
    rows = Organisation.objects.filter(Q(pk__in=agreed.values(other)) | Q(pk__in=_ids(found)))
    for pk, name in rows.order_by("number").values_list("pk", "name"):
        yield Name(str(pk), name)


def of_specialties(spot: Spot, found: Collection[str]) -> Iterator[Name]:
    """An institution's own figures name its departments."""
    labels = {value: str(label) for value, label in Specialty.choices}
    if not (spot.own and spot.organisation):
        yield from (Name(*pair) for pair in labels.items())
        return
    held: dict[str, list[str]] = {}
    departments = Department.objects.filter(organisation=spot.organisation).order_by("pk")
    for specialty, name in departments.values_list("specialty", "name"):
        held.setdefault(specialty, []).append(name)
    for key in dict.fromkeys([*held, *found]):
        yield Name(key, _(", ").join(held.get(key, [labels[key]])))


def of_urgencies() -> Iterator[Name]:
    return (Name(value, str(word)) for value, word in urgencies().items())


def _below(prefix: str, level: Division.Level) -> dict[str, str]:
    inside = Division.objects.filter(level=level, code__startswith=prefix).order_by("code")
    return {prefix_of(division): division.name for division in inside}


def _ids(keys: Collection[str]) -> list[UUID]:
    return [UUID(key) for key in keys]
