"""What the low-income register says: of one person on one day, and in counts that name nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from records.mpi.models import LowIncome, LowIncomeList, Patient
from telemed.core.statements import ask
from telemed.organisations.models import Division
from telemed.people.models import User

FEW = 5  # people; fewer are never a number
HISTORY = 24  # lists that the page shows
# One look at the index of the numbers, kept prepared: every booking asks.
KINDS = """
    SELECT DISTINCT ON (id_card_hash) id_card_hash, kind FROM mpi_lowincome
    WHERE id_card_hash = ANY($1::text[]) AND valid_from <= $2::date
      AND (ends_on IS NULL OR ends_on > $2::date)
    ORDER BY id_card_hash, valid_from DESC, id DESC
"""


def kinds_of(people: Sequence[Patient], day: date) -> dict[UUID, str]:
    """The LowIncome.Kind of each for whom a register holds on that day, by the person's id."""
    numbers = {one.id_card_hash: one.pk for one in people if one.id_card_hash}
    if not numbers:
        return {}
    return {numbers[number]: str(kind) for number, kind in ask(KINDS, tuple(numbers), day)}


@dataclass(frozen=True)
class Counted:
    """How many of one kind; None where they are fewer than FEW."""

    kind: Any
    people: int | None


@dataclass(frozen=True)
class Listed:
    """One list and its people by kind."""

    brought: LowIncomeList
    kinds: list[Counted]


def counties_of(actor: User) -> QuerySet[Division]:
    """Whose lists this authority keeps: its own county, or those below it."""
    own = actor.acting_organisation.division_id
    counties = Division.objects.filter(level=Division.Level.COUNTY)
    return counties.filter(Q(code=own) | Q(code__startswith=own)).order_by("code")


def holding(county: Division, day: date) -> list[Counted]:
    """Who is on the register that day, by kind."""
    rows = LowIncome.objects.filter(brought_in__county=county, valid_from__lte=day)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gt=day))
    return _counted(dict(rows.values_list("kind").annotate(n=Count("pk")).order_by()))


def newest_of(county: Division) -> LowIncomeList | None:
    return LowIncomeList.objects.filter(county=county).order_by("-valid_from", "-pk").first()


def history_of(county: Division) -> list[Listed]:
    """The lists that were brought, the newest first."""
    lists = LowIncomeList.objects.filter(county=county).select_related("brought_by")
    newest = list(lists.order_by("-valid_from", "-created_at")[:HISTORY])
    found: dict[Any, dict[str, int]] = {one.pk: {} for one in newest}
    rows = LowIncome.objects.filter(brought_in__in=newest).values_list("brought_in", "kind")
    for pk, kind, many in rows.annotate(n=Count("pk")).order_by():
        found[pk][kind] = many
    return [Listed(one, _counted(found[one.pk])) for one in newest]


def _counted(found: dict[str, int]) -> list[Counted]:
    """No sum beside them: it would give away the one that is hidden."""
    return [
        Counted(label, many if (many := found.get(kind, 0)) >= FEW else None)
        for kind, label in LowIncome.Kind.choices
    ]
