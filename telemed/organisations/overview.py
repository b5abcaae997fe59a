"""The province for who runs it: what there is, where, and a list to look through."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.organisations.models import Division, Organisation

PAGE = 50
LONGEST_TEXT = 60
# A code begins with the code of what it lies in (GB/T 2260): its length by level below.
LENGTHS = {2: 4, 4: 6, 6: 9}


@dataclass(frozen=True)
class Branch:
    """One division below the chosen one, with how many institutions of each kind it has."""

    division: Division
    hospitals: int
    clinics: int


@dataclass(frozen=True)
class Overview:
    """`trail`: from the province down to the chosen division. `after`: number of the next page."""

    trail: list[Division]
    branches: list[Branch]
    hospitals: int
    clinics: int
    organisations: list[Organisation]
    after: int | None


def get_overview(
    *, division: str = "", kind: str = "", text: str = "", after: str = ""
) -> Overview:
    """
    Five queries at most. Raises Invalid for a division, kind or page that does not exist.

    `text`: part of a name, or the initials of its reading.
    """
    trail = _trail(division)
    inside = Organisation.objects.filter(division__code__startswith=division)
    branches = _branches(trail[-1], inside) if trail else []
    totals = inside.aggregate(hospitals=HOSPITALS, clinics=CLINICS)
    rows = inside.filter(_matching(kind, text), number__gt=_number(after))
    found = list(rows.select_related("division").order_by("number")[: PAGE + 1])
    page, rest = found[:PAGE], found[PAGE:]
    return Overview(
        trail=trail,
        branches=branches,
        organisations=page,
        after=page[-1].number if rest else None,
        **totals,
    )


HOSPITALS = Count("pk", filter=Q(kind=Organisation.Kind.HOSPITAL))
CLINICS = Count("pk", filter=Q(kind=Organisation.Kind.TOWNSHIP_CLINIC))


def _trail(code: str) -> list[Division]:
    """The province stands for an empty code; no divisions at all, no trail."""
    if not code:
        return list(Division.objects.filter(level=Division.Level.PROVINCE)[:1])
    if not (code.isascii() and code.isdigit()):
        raise _no_division()
    codes = [code[:length] for length in (*LENGTHS, 9) if length <= len(code)]
    trail = list(Division.objects.filter(pk__in=codes).order_by("code"))
    if not trail or trail[-1].code != code:
        raise _no_division()
    return trail


def _no_division() -> Invalid:
    return Invalid(_("There is no such division."), path="division")


def _branches(division: Division, inside: QuerySet[Organisation]) -> list[Branch]:
    length = LENGTHS.get(len(division.code))
    if length is None:
        return []
    counted = inside.values(branch=Left("division_id", length)).annotate(h=HOSPITALS, c=CLINICS)
    counts = {row["branch"]: (row["h"], row["c"]) for row in counted.order_by()}
    below = Division.objects.filter(parent=division).order_by("code")
    return [Branch(child, *counts.get(child.code, (0, 0))) for child in below]


def _matching(kind: str, text: str) -> Q:
    if kind and kind not in Organisation.Kind.values:
        raise Invalid(_("There is no such kind of institution."), path="kind")
    text = text.strip()
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise Invalid(_("This can't be searched for."), path="q")
    matching = Q(kind=kind) if kind else Q()
    if text:
        matching &= Q(name__icontains=text) | Q(pinyin_initials__startswith=text.casefold())
    return matching


def _number(after: str) -> int:
    if not after:
        return 0
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        raise Invalid(_("This page of the list does not exist."), path="after")
    return int(after)
