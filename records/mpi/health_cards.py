"""The health card number: six digits of the place, nine of the holder, and a check digit (Luhn)."""

import re

from django.utils.translation import gettext as _

from records.mpi.identity import PROVINCES
from telemed.core.errors import Invalid

DIGITS = 16
SHAPE = re.compile(r"[0-9]{16}")


def luhn_digit(first: str) -> str:
    """The digit that belongs after these (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(first)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def parse_health_card(text: str) -> str:
    """Read a number as people type it. Raises Invalid that says what is wrong with it."""
    number = re.sub(r"[\s-]", "", text)
    if len(number) != DIGITS:
        said = _("A health card number has 16 digits; this one has {count}.")
        raise _wrong(said.format(count=len(number)))
    if not SHAPE.fullmatch(number):
        raise _wrong(_("A health card number has digits only."))
    if number[:2] not in PROVINCES:
        said = _("No place begins with {digits}; please check the first digits.")
        raise _wrong(said.format(digits=number[:2]))
    if luhn_digit(number[:-1]) != number[-1]:
        raise _wrong(_("The health card number fails its check; please compare the card again."))
    return number


def is_health_card(text: str) -> bool:
    return bool(SHAPE.fullmatch(text)) and luhn_digit(text[:-1]) == text[-1]


def _wrong(message: str) -> Invalid:
    return Invalid(message, path="health_card")
