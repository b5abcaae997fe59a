"""What the addresses of these pages hold, checked."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.credit.measures import MEASURES, Measure
from telemed.core.errors import Invalid
from telemed.oversight.forms import month_of


def last_month_of(data: Mapping[str, str]) -> date:
    """The last of the months shown; the running one where none is named."""
    text = str(data.get("until", "")).strip()
    return month_of(text) if text else timezone.localdate().replace(day=1)


def measure_of(data: Mapping[str, str]) -> Measure:
    """What the drawing shows."""
    key = str(data.get("show", "")).strip() or MEASURES[0].key
    found = next((one for one in MEASURES if one.key == key), None)
    if found is None:
        raise Invalid(_("There is no such figure."), path="show")
    return found
