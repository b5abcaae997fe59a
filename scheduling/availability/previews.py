"""What is planned and booked under a rule that somebody is about to change."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.availability.models import PeriodPool, State
from telemed.core import moments
from telemed.core.policies import Preview


def keep_their_rule(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    """A session keeps the rule under which it was planned, and with it whoever is booked."""
    coming = PeriodPool.objects.filter(
        period__session__state__in=[State.PLANNED, State.PUBLISHED],
        period__starts_at__gt=moments.now(),
    )
    if organisation_id:
        coming = coming.filter(period__organisation=organisation_id)
    found = coming.aggregate(
        booked=Sum("taken", default=0), sessions=Count("period__session", distinct=True)
    )
    if not found["sessions"]:
        return None
    bookings = ngettext("{n} booking", "{n} bookings", found["booked"]).format(n=found["booked"])
    sessions = ngettext("{n} session", "{n} sessions", found["sessions"])
    sentence = _("{sessions} ahead with {bookings} keep the present rule; later ones get the new.")
    return Preview(
        count=found["booked"],
        sentence=sentence.format(bookings=bookings, sessions=sessions.format(n=found["sessions"])),
    )
