"""The resident identity number (GB 11643): place 6, birth date 8, order 3 (odd: male), check 1."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from telemed.core.errors import Invalid

WEIGHTS = [2**power % 11 for power in range(17, 0, -1)]  # ISO 7064 MOD 11-2
CHECKS = "10X98765432"
SHAPE = re.compile(r"[0-9]{17}[0-9X]")
ROUNDED = re.compile(r"[0-9]\.[0-9]+E\+?[0-9]{2}")  # what a spreadsheet makes of a long number
# The first two digits name a province, Hong Kong, Macao, Taiwan or (9) a permanent resident's card.
PROVINCES = frozenset(
    f"{block}{n}"
    for block, last in zip("123456", (5, 3, 7, 6, 4, 5), strict=True)
    for n in range(1, last + 1)
) | {"71", "81", "82", "83", "91", "93"}
EARLIEST = date(1890, 1, 1)


@dataclass(frozen=True)
class IdCard:
    """What a number says about its holder. `region` is the place code of first registration."""

    number: str
    birth_date: date
    sex: Patient.Sex
    region: str


def check_digit(first17: str) -> str:
    """The eighteenth character that belongs to the first seventeen."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECKS[total % 11]


def parse_id_card(text: str) -> IdCard:
    """Read a number as people type it. Raises Invalid that says what is wrong with it."""
    number = re.sub(r"[\s-]", "", text).upper()
    if ROUNDED.fullmatch(number):
        said = _(
            "A spreadsheet has rounded this number to {text}."
            " Set the column to text and type it again."
        )
        raise _wrong(said.format(text=number[:20]))
    if len(number) != 18:
        said = _("An ID number has 18 characters; this one has {count}.")
        raise _wrong(said.format(count=len(number)))
    if not SHAPE.fullmatch(number):
        raise _wrong(_("An ID number has 17 digits and then a digit or X."))
    if number[:2] not in PROVINCES:
        raise _wrong(
            _("No place begins with {digits}; please check the first digits.").format(
                digits=number[:2]
            )
        )
    birth_date = _birth_date(number[6:14])
    if (right := check_digit(number[:17])) != number[17]:
        said = _(
            "The last character is wrong, it should be {right}. Please compare the card again."
        )
        raise _wrong(said.format(right=right))
    sex = Patient.Sex.MALE if int(number[16]) % 2 else Patient.Sex.FEMALE
    return IdCard(number=number, birth_date=birth_date, sex=sex, region=number[:6])


def _birth_date(digits: str) -> date:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        said = _("The ID number holds no real birth date: {digits}.")
        raise _wrong(said.format(digits=digits)) from None
    if not EARLIEST <= day <= timezone.localdate():
        raise _wrong(
            _("The ID number holds an impossible birth date: {digits}.").format(digits=digits)
        )
    return day


def _wrong(message: str) -> Invalid:
    return Invalid(message, path="id_card")
