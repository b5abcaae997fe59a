"""Taking in a county's list for one of its registers, in place of the one before."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi import low_income_sheet
from records.mpi.low_incomes import counties_of, held_numbers, newest_of
from records.mpi.models import LowIncome, LowIncomeList, Register
from records.mpi.permissions import may_keep_low_incomes
from telemed.audit import services as audit
from telemed.core import tables
from telemed.core.bringing import Mistaken
from telemed.core.errors import Conflict, Invalid, NotFound, TooLarge, require
from telemed.core.intentions import require_intention
from telemed.organisations.models import Division
from telemed.people.models import User

AHEAD = timedelta(days=366)
PIECE = 2_000
MANY = 20  # people; on a smaller register most may well end


def find_county(*, actor: User, code: str) -> Division:
    """One of those whose lists this authority keeps; its first where none is named."""
    require(may_keep_low_incomes(actor), _("The health authority's administrator keeps this list."))
    counties = counties_of(actor)
    county = counties.filter(code=code).first() if code else counties.first()
    if county is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return county


def bring_low_incomes(
    *,
    actor: User,
    county_code: str,
    valid_from: date,
    content: bytes,
    register: str = Register.LOW_INCOME,
    whole: bool = False,
) -> LowIncomeList:
    """
    All rows or none: from `valid_from` on, who is not among them is on the register no more.

    Raises Mistaken with every row that is wrong, and Shrinking for a list that ends most of the
    register, unless it is said to be the `whole` one. Visits that are booked keep their fee.
    """
    require_intention()
    county = find_county(actor=actor, code=county_code)
    # Two lists of a county come one by one.
    Division.objects.select_for_update(no_key=True).get(pk=county.pk)
    today = timezone.localdate()
    if not today <= valid_from <= today + AHEAD:
        raise Invalid(_("A list begins today or on a day of the next year."), path="valid_from")
    before = newest_of(county, register)
    if before and valid_from < before.valid_from:
        sentence = _("There is a list from {day} on already; begin on that day or later.")
        raise Conflict(sentence.format(day=before.valid_from), path="valid_from")
    lines = _read(content, valid_from, register)
    if not whole:
        _require_most(county, valid_from, register, {line.id_card_hash for line in lines})
    _end(county, valid_from, register)
    brought = LowIncomeList.objects.create(
        register=register,
        county=county,
        valid_from=valid_from,
        organisation=actor.acting_organisation,
        brought_by=actor,
    )
    LowIncome.objects.bulk_create(
        [
            LowIncome(
                brought_in=brought,
                id_card_hash=line.id_card_hash,
                kind=line.kind,
                valid_from=valid_from,
                ends_on=line.ends_on,
            )
            for line in lines
        ],
        batch_size=PIECE,
    )
    audit.record(action="low_income.bring", target=brought)
    return brought


def _read(content: bytes, valid_from: date, register: str) -> list[low_income_sheet.Line]:
    columns = low_income_sheet.columns_of(register)
    lines: dict[str, low_income_sheet.Line] = {}
    mistakes: list[tables.Mistake] = []
    for row in _rows(content, columns):
        line, wrong = low_income_sheet.shape(row, valid_from, register)
        if line and line.id_card_hash in lines:
            said = _("This number stands in the file twice.")
            wrong = [tables.Mistake(row.number, "id_card", said, columns)]
        elif line:
            lines[line.id_card_hash] = line
        mistakes += wrong
    if mistakes:
        raise AllOrNone(mistakes)
    if not lines:
        raise Invalid(_("The file has no rows; a list of nobody would end everybody."), path="file")
    return list(lines.values())


def _rows(content: bytes, columns: Sequence[tables.Column]) -> list[tables.Row]:
    """Nobody is told to cut it into parts: each part would end the people of the others."""
    try:
        text = tables.decode(content, most=low_income_sheet.BYTES)
        return tables.read(text, columns, most=low_income_sheet.ROWS)
    except TooLarge:
        said = _(
            "The file is over {rows} rows or {mb} MB. A list comes whole, never in parts: who is"
            " not on it, ends. Leave the names out, or ask who runs the platform."
        )
        most = {"rows": low_income_sheet.ROWS, "mb": low_income_sheet.BYTES // 1_000_000}
        raise TooLarge(said.format(**most), path="file") from None


def _require_most(county: Division, day: date, register: str, stay: set[str]) -> None:
    """A part of a list, or a test of two rows, looks like a list."""
    held = held_numbers(county, day, register)
    ends = len(held - stay)
    if len(held) >= MANY and 2 * ends > len(held):
        raise Shrinking(ends, len(held))


def _end(county: Division, day: date, register: str) -> None:
    """What would have held from that day on: ended then, or never begun."""
    rows = LowIncome.objects.filter(brought_in__county=county, brought_in__register=register)
    still = rows.filter(Q(ends_on=None) | Q(ends_on__gt=day))
    ends: Any = Greatest(F("valid_from"), day)
    still.update(ends_on=ends)


class Shrinking(Conflict):
    """Most of the register would end; whoever brings the list says whether that is meant."""

    def __init__(self, ends: int, held: int) -> None:
        sentence = _(
            "{ends} of the {held} people on the register are not in this file and would end."
            " Nothing is stored. If it is the whole list, say so below and bring it again."
        )
        super().__init__(sentence.format(ends=ends, held=held), path="whole")


class AllOrNone(Mistaken):
    """Rows are wrong; leaving them out would end these people."""

    def __init__(self, mistakes: list[tables.Mistake]) -> None:
        super().__init__(mistakes)
        sentence = _("{n} mistakes; nothing is stored. Mend them and bring the whole list again.")
        self.message = sentence.format(n=len(mistakes))
