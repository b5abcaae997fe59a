"""
Which clocks the sessions of an institution have running.

One row a moment of an institution, not one a session: a day of ten thousand sessions closes by
two thousand rows. Each looks for all that is due by then, so one too many changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Min, QuerySet

from scheduling.availability.models import Period, Session
from scheduling.availability.rules import finished_at, return_eras
from telemed.core import moments
from telemed.core.clocks import Start, start_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar, Clock, ClockState

PUBLISH, RETURN, CLOSE, FINISH = "session.publish", "pool.return", "period.close", "session.finish"
STOP_UNDO = "stop.undo"


def await_release(*, organisation_id: UUID, sessions: Iterable[Session]) -> None:
    """When the places come out."""
    _await(organisation_id, PUBLISH, {session.release_at for session in sessions})


def await_ends(*, organisation_id: UUID, sessions: Iterable[Session]) -> None:
    """When unused places return, booking closes, and the session is over."""
    published = list(sessions)
    periods = Period.objects.filter(session__in=published)
    closing = set(periods.order_by().values_list("closes_at", flat=True).distinct())
    earlier = _returns(organisation_id, periods)
    _await(organisation_id, RETURN, {at - before for at in closing for before in earlier})
    _await(organisation_id, CLOSE, closing)
    _await(organisation_id, FINISH, {finished_at(one) for one in published})


def _returns(organisation_id: UUID, periods: QuerySet[Period]) -> set[timedelta]:
    """How long before the close places of these return, by all rules under which some were laid."""
    laid = periods.aggregate(first=Min("created_at"), last=Max("created_at"))
    if laid["first"] is None:
        return set()
    return {
        era.value
        for eras in return_eras(organisation_id)
        for era in eras
        if (era.since is None or era.since <= laid["last"])
        and (era.until is None or laid["first"] < era.until)
    }


def _await(organisation_id: UUID, kind: str, wanted: set[datetime]) -> None:
    require_intention()
    running = Clock.objects.filter(
        about=organisation_id, kind=kind, state=ClockState.RUNNING, due_at__in=wanted
    )
    missing = sorted(wanted - set(running.values_list("due_at", flat=True)))
    now = moments.now()
    for due_at in missing:  # a turn each: the same kind about the same institution
        wait = max(due_at - now, timedelta())
        start_clocks(about=organisation_id, rungs=[Start(kind, 0, wait, Calendar.WALL)])
