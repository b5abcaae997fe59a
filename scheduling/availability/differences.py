"""A disagreement in words: what the system says, and what is here. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.availability.models import Disagreement

Kind = Disagreement.Kind


def said(kind: str, facts: Mapping[str, Any]) -> str:
    """What the hospital's system says, without a full stop."""
    match kind:
        case Kind.MOVED:
            return _("it is {when}").format(when=facts.get("who") or _when(facts))
        case Kind.BELOW:
            n = facts["places"]
            return ngettext("{n} place", "{n} places", n).format(n=n)
        case Kind.COUNT:
            return _("{n} free").format(n=facts["free"])
    return _("it is not held")


def here(kind: str, facts: Mapping[str, Any]) -> str:
    """What stands against it here."""
    n = facts["booked"]
    booked = ngettext("{n} person is booked", "{n} people are booked", n).format(n=n)
    if not n:
        booked = _("nobody is booked")
    if kind == Kind.COUNT:
        free = _("{n} free").format(n=facts["free"])
        return _("{one}, {other}").format(one=free, other=booked)
    return booked


def facts_of(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    return {"starts": starts_at.isoformat(), "ends": ends_at.isoformat()}


def _when(facts: Mapping[str, str]) -> str:
    begin, end = (
        timezone.localtime(datetime.fromisoformat(facts[name])) for name in ("starts", "ends")
    )
    return f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}–{end:%H:%M}"
