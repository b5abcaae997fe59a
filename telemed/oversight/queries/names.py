"""What the parts of a picture are called; each list is bounded by what one page shows."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.organisations.models import Agreement, Department, Division, Organisation, Specialty
from telemed.oversight.indicators import Side
from telemed.oversight.places import Spot, prefix_of

Named = list[tuple[str, str]]  # key and name
BELOW = {Division.Level.PROVINCE: Division.Level.PREFECTURE}


def of_places(prefix: str, level: Division.Level) -> Named:
    """The divisions of the level below, by the digits that name them."""
    below = BELOW.get(level, Division.Level.COUNTY)
    inside = Division.objects.filter(level=below, code__startswith=prefix)
    return [(prefix_of(division), division.name) for division in inside.order_by("code")]


def of_institutions(prefix: str, found: Collection[str]) -> Named:
    """Those that can ask, and whoever has a case."""
    here = Organisation.objects.filter(division__code__startswith=prefix)
    clinics = Q(kind=Organisation.Kind.TOWNSHIP_CLINIC, active=True)
    rows = here.filter(clinics | Q(pk__in=_ids(found)))
    return [(str(pk), name) for pk, name in rows.order_by("number").values_list("pk", "name")]


def of_partners(organisation: Organisation, side: Side, found: Collection[str]) -> Named:
    """Who may ask here (or is asked from here) today, and whoever has a case with us."""
    agreed = Agreement.objects.in_force(timezone.localdate()).filter(**{side: organisation.pk})
    other = Side.ASKED if side == Side.ASKING else Side.ASKING
    rows = Organisation.objects.filter(Q(pk__in=agreed.values(other)) | Q(pk__in=_ids(found)))
    return [(str(pk), name) for pk, name in rows.order_by("number").values_list("pk", "name")]


def of_specialties(spot: Spot, found: Collection[str]) -> Named:
    """An institution's own figures name its departments."""
    names = {value: str(label) for value, label in Specialty.choices}
    if spot.own and spot.organisation:
        held: dict[str, list[str]] = {}
        departments = Department.objects.filter(organisation=spot.organisation).order_by("pk")
        for specialty, name in departments.values_list("specialty", "name"):
            held.setdefault(specialty, []).append(name)
        names = {key: _(", ").join(held.get(key, [names[key]])) for key in [*held, *found]}
    return list(names.items())


def _ids(keys: Collection[str]) -> list[UUID]:
    return [UUID(key) for key in keys]
