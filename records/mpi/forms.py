"""Parsing what the page of the low-income register sends; the rules are the service's."""

from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from records.mpi.models import Register
from records.mpi.roll import read_day
from telemed.core.errors import Invalid

LONGEST_CODE = 12


def read_county(sent: QueryDict) -> str:
    """The code of a county; empty: the first of those whose list one keeps."""
    return sent.get("county", "").strip().replace("\0", "")[:LONGEST_CODE]


def read_first_day(sent: QueryDict) -> date:
    """From when on a list holds. Raises Invalid."""
    text = sent.get("valid_from", "")
    try:
        day = read_day(text)
    except Invalid as error:
        raise Invalid(error.message, path="valid_from") from None
    if day is None:
        raise Invalid(_("Say from which day on the list holds."), path="valid_from")
    return day


def read_register(sent: QueryDict) -> str:
    """Which register of the county; the low-income one where none is named."""
    named = sent.get("register", "")
    return named if named in Register.values else Register.LOW_INCOME.value
