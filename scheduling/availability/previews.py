"""What is planned and booked under a rule that somebody is about to change."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.availability.models import PeriodPool, Session, State, Stop
from telemed.core import moments
from telemed.core.clocks import running
from telemed.core.policies import Preview
from telemed.core.policies.previewing import count_by


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


def being_stopped(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    """Until when a stop can be taken back stands on it."""
    stops = Stop.objects.filter(pk__in=running("stop.undo"))
    if organisation_id:
        stops = stops.filter(session__organisation=organisation_id)
    names = stops.order_by().values_list("session__organisation__name", "session__department__name")
    found = names.annotate(n=Count("pk"))
    return count_by(
        [(f"{hospital} {department}", n) for hospital, department, n in found],
        lambda n: ngettext(
            "{n} session that was just stopped keeps its time; later ones get the new.",
            "{n} sessions that were just stopped keep their time; later ones get the new.",
            n,
        ),
    )


def still_to_come_out(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    """The line at the hour of release is formed by what holds then."""
    ahead = Session.objects.filter(state=State.PLANNED, release_at__gt=moments.now())
    if organisation_id:
        ahead = ahead.filter(organisation=organisation_id)
    names = ahead.order_by().values_list("organisation__name", "department__name")
    found = names.annotate(n=Count("pk"))
    return count_by(
        [(f"{hospital} {department}", n) for hospital, department, n in found],
        lambda n: ngettext(
            "{n} session has not come out yet and will by the new rule.",
            "{n} sessions have not come out yet and will by the new rule.",
            n,
        ),
    )
