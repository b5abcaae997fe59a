"""What the hours do by themselves: unused places return, booking closes, sessions end."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from scheduling.availability import freed
from scheduling.availability.events import PoolsReturned, SessionFinished
from scheduling.availability.models import Period, PeriodPool, PeriodState, Pool, Session, State
from scheduling.availability.rules import FINISHED_AFTER, return_eras
from telemed.audit import services as audit
from telemed.core import moments, outbox, policies
from telemed.core.intentions import require_intention
from telemed.core.policies import Era

# Who takes a place holds its period; so does this, in the order of the periods, before it counts.
MOVE = """
    WITH left_over AS (
        SELECT q.id, q.period_id, q.places - q.taken AS free
        FROM availability_periodpool q
        WHERE q.period_id = ANY(%(periods)s) AND q.pool = ANY(%(pools)s) AND q.places > q.taken
        ORDER BY q.id FOR NO KEY UPDATE
    ), emptied AS (
        UPDATE availability_periodpool q SET places = q.taken
        FROM left_over WHERE q.id = left_over.id
    ), moved AS (
        INSERT INTO availability_periodpool AS home (period_id, pool, places, taken, returned)
        SELECT period_id, %(home)s, sum(free), 0, sum(free) FROM left_over GROUP BY period_id
        ON CONFLICT ON CONSTRAINT one_pool_of_a_kind DO UPDATE
        SET places = home.places + excluded.places, returned = home.returned + excluded.returned
        RETURNING period_id
    )
    SELECT coalesce(sum(free), 0)::int FROM left_over
"""


def return_due(*, organisation_id: UUID) -> int:
    """Unused places of the pools whose hour has come are everybody's. How many they were."""
    require_intention()
    now, moved = moments.now(), 0
    for eras, pools in return_eras(organisation_id).items():
        periods = _lock(organisation_id, _returning(eras, now), unused_of=pools)
        moved += _move(periods, pools, Pool.PUBLIC)
        if periods:
            freed.offer(Period.objects.filter(pk__in=periods))
    if moved:
        audit.record(action="pool.return", target=f"Organisation/{organisation_id}")
        outbox.announce(PoolsReturned(organisation_id=organisation_id, places=moved))
    return moved


def close_due(*, organisation_id: UUID) -> int:
    """Booking from afar ends; what is left is for the desk. How many periods closed."""
    require_intention()
    periods = _lock(organisation_id, Q(closes_at__lte=moments.now()))
    if periods:
        _move(periods, [pool for pool in Pool if pool != Pool.WALK_IN], Pool.WALK_IN)
        Period.objects.filter(pk__in=periods).update(state=PeriodState.CLOSED)
        audit.record(action="period.close", target=f"Organisation/{organisation_id}")
    return len(periods)


def finish_due(*, organisation_id: UUID) -> list[Session]:
    """Some time after its end a session is over: half an hour, as delivered."""
    require_intention()
    eras = policies.eras(FINISHED_AFTER, organisation_id)
    now = moments.now()
    ended = _by_rule(eras, lambda after: Q(during__endswith__lte=now - after))
    over = Session.objects.filter(ended, organisation=organisation_id, state=State.PUBLISHED)
    finished = list(over.select_for_update(no_key=True).order_by("pk"))
    Session.objects.filter(pk__in=[one.pk for one in finished]).update(state=State.FINISHED)
    for session in finished:
        session.state = State.FINISHED
        audit.record(action="session.finish", target=session)
        outbox.announce(SessionFinished(session_id=session.pk))
    return finished


def _returning(eras: Sequence[Era], now: datetime) -> Q:
    """Whose time has come by the rule of the day on which they were laid."""
    longest = max(era.value for era in eras)
    laid = _by_rule(eras, lambda before: Q(closes_at__lte=now + before))
    return Q(closes_at__lte=now + longest) & laid  # the first by itself: it walks the index


def _by_rule(eras: Sequence[Era], due: Callable[[timedelta], Q]) -> Q:
    """What is due by the rule that held when each row was made."""
    laid = Q()
    for era in eras:
        one = due(era.value)
        if era.since:
            one &= Q(created_at__gte=era.since)
        if era.until:
            one &= Q(created_at__lt=era.until)
        laid |= one
    return laid


def _lock(organisation_id: UUID, due: Q, *, unused_of: Iterable[Pool] = ()) -> list[UUID]:
    """The open periods that are due, held; with pools: those where one has places left."""
    wanted = Period.objects.filter(due, organisation=organisation_id, state=PeriodState.OPEN)
    if unused_of:
        left = PeriodPool.objects.filter(
            period=OuterRef("pk"), pool__in=unused_of, places__gt=F("taken")
        )
        wanted = wanted.filter(Exists(left))
    return list(wanted.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _move(periods: list[UUID], pools: list[Pool], home: Pool) -> int:
    if not periods:
        return 0
    values: dict[str, Any] = {
        "periods": periods,
        "pools": [str(pool) for pool in pools],
        "home": str(home),
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values)
        return int(cursor.fetchone()[0])
