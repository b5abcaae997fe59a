"""What the registers of a county say: of one person on one day, and in counts that name nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from records.mpi.models import SPECIAL, LowIncome, LowIncomeList, Patient, Register
from telemed.core.statements import ask
from telemed.organisations.models import Division
from telemed.people.models import User

FEW = 5  # people; fewer are never a number
HISTORY = 24  # lists that the page shows
# One look at the index of the numbers, kept prepared: every booking asks.
KINDS = """
    SELECT DISTINCT ON (id_card_hash) id_card_hash, kind FROM mpi_lowincome
    WHERE id_card_hash = ANY($1::text[]) AND valid_from <= $2::date
      AND (ends_on IS NULL OR ends_on > $2::date) AND kind <> 'special'
    ORDER BY id_card_hash, valid_from DESC, id DESC
"""


def kinds_of(people: Sequence[Patient], day: date) -> dict[UUID, str]:
    """The LowIncome.Kind of each for whom a register holds on that day, by the person's id."""
    numbers = {one.id_card_hash: one.pk for one in people if one.id_card_hash}
    if not numbers:
        return {}
    return {numbers[number]: str(kind) for number, kind in ask(KINDS, tuple(numbers), day)}


def is_exempt(person: Patient, day: date) -> bool:
    """Whether a register frees them from fees that day, of whichever kind."""
    return bool(kinds_of([person], day))


def is_special(person: Patient, day: date) -> bool:
    """Of a special family-planning family, as the county's register has it."""
    if not person.id_card_hash:
        return False
    rows = LowIncome.objects.filter(id_card_hash=person.id_card_hash, kind=SPECIAL)
    return _held_on(rows, day).exists()


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


def holding(county: Division, day: date, register: str = Register.LOW_INCOME) -> list[Counted]:
    """Who is on the register that day, by kind."""
    of_county = LowIncome.objects.filter(brought_in__county=county, brought_in__register=register)
    rows = _held_on(of_county, day)
    found = dict(rows.values_list("kind").annotate(n=Count("pk")).order_by())
    return _counted(found, register)


def held_numbers(county: Division, day: date, register: str) -> set[str]:
    """The hashed ID numbers of who is on the register that day."""
    rows = LowIncome.objects.filter(brought_in__county=county, brought_in__register=register)
    return set(_held_on(rows, day).values_list("id_card_hash", flat=True))


def newest_of(county: Division, register: str) -> LowIncomeList | None:
    lists = LowIncomeList.objects.filter(county=county, register=register)
    return lists.order_by("-valid_from", "-pk").first()


def history_of(county: Division, register: str) -> list[Listed]:
    """The lists that were brought, the newest first."""
    lists = LowIncomeList.objects.filter(county=county, register=register)
    lists = lists.select_related("brought_by")
    newest = list(lists.order_by("-valid_from", "-created_at")[:HISTORY])
    found: dict[Any, dict[str, int]] = {one.pk: {} for one in newest}
    rows = LowIncome.objects.filter(brought_in__in=newest).values_list("brought_in", "kind")
    for pk, kind, many in rows.annotate(n=Count("pk")).order_by():
        found[pk][kind] = many
    return [Listed(one, _counted(found[one.pk], register)) for one in newest]


def _held_on(rows: QuerySet[LowIncome], day: date) -> QuerySet[LowIncome]:
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=day), valid_from__lte=day)


def _counted(found: dict[str, int], register: str) -> list[Counted]:
    """No sum beside them: it would give away the one that is hidden."""
    special = [(SPECIAL, Register.SPECIAL.label)]
    kinds = special if register == Register.SPECIAL else LowIncome.Kind.choices
    return [
        Counted(label, many if (many := found.get(kind, 0)) >= FEW else None)
        for kind, label in kinds
    ]
