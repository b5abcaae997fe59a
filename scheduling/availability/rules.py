"""What each hospital sets for itself: when places come out, to whom they go, when booking ends."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.availability import freed, previews
from scheduling.availability.models import Period, Pool, Session
from scheduling.availability.shares import RESERVED
from telemed.core import policies
from telemed.core.policies.kinds import length

GROUP = _("Booking")
RELEASE_HOUR = "booking.release_hour"
DAYS_AHEAD = "booking.days_ahead"
CLOSE_HOUR = "booking.close_hour"
STOP_UNDO, FINISHED_AFTER = "booking.stop.undo", "booking.finished_after"
MOST_RESERVED = 80  # per cent of a session, all reserved pools together

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# When what a pool has not used goes to the public, before booking from afar ends; the desk keeps
# its places to the end of the period (workflows.md section 4; Chongqing 2018: one day before).
RETURNS = {
    Pool.FAMILY_DOCTOR: (24 * HOUR, _("Unused places for family doctors go to everybody")),
    Pool.PHONE: (24 * HOUR, _("Unused places for the telephone and the elderly go to everybody")),
    Pool.REFERRAL: (4 * HOUR, _("Unused places for referrals go to everybody")),
}
SHARES = {
    Pool.FAMILY_DOCTOR: (10, _("Places for family doctors")),
    Pool.REFERRAL: (10, _("Places for referrals")),
    Pool.WALK_IN: (10, _("Places for the desk")),
    Pool.PHONE: (5, _("Places for the telephone and the elderly")),
}


def define() -> None:
    """Called in ready(). What is planned already keeps the rule of its day."""
    for name, label, kind, default, refuse in (
        (RELEASE_HOUR, _("Hour at which new places come out"), policies.Count(most=23), 7, None),
        (
            DAYS_AHEAD,
            _("Days ahead that can be booked"),
            policies.Count(least=7, most=14),
            14,
            None,
        ),
        (
            CLOSE_HOUR,
            _("Hour of the day before when booking from afar ends"),
            policies.Count(least=12, most=23),
            16,
            _closes_at_odds,
        ),
    ):
        policies.define(
            name,
            label=label,
            kind=kind,
            default=default,
            group=GROUP,
            preview=previews.keep_their_rule,
            refuse=refuse,
        )
    for pool, (share, label) in SHARES.items():
        policies.define(
            share_name(pool),
            label=label,
            kind=policies.Share(most=50),
            default=share,
            group=GROUP,
            preview=previews.keep_their_rule,
            refuse=_too_much_besides(pool),
            help=_("What is not used goes back to everybody in time."),
        )
    _define_returns()
    policies.define(
        STOP_UNDO,
        label=_("A stopped session can be taken back for"),
        kind=policies.Duration(least=2 * MINUTE, most=60 * MINUTE),
        default=10 * MINUTE,
        group=GROUP,
        preview=previews.being_stopped,
        help=_("Then everybody is told; who would set out soon is told at once."),
    )
    policies.define(
        FINISHED_AFTER,
        label=_("Who did not come is noted after the end of a session"),
        kind=policies.Duration(least=5 * MINUTE, most=12 * HOUR),
        default=30 * MINUTE,
        group=GROUP,
        preview=previews.keep_their_rule,
        help=_("And who came and was not seen."),
    )


def _define_returns() -> None:
    for pool, (before, label) in RETURNS.items():
        policies.define(
            return_name(pool),
            label=label,
            kind=policies.Duration(least=HOUR, most=120 * HOUR),
            default=before,
            group=GROUP,
            preview=previews.keep_their_rule,
            refuse=_returns_at_odds(pool),
            help=_("So long before booking from afar ends; who waits for a place is asked first."),
        )


def share_name(pool: str) -> str:
    return f"booking.share.{pool}"


def return_name(pool: str) -> str:
    return f"booking.return.{pool}"


def returned_before(
    pool: str, organisation_id: UUID | None, laid_at: datetime | None = None
) -> timedelta:
    """
    How long before booking from afar ends what one of RETURNS left unused is everybody's, by the
    rule of the day on which the period was laid (now).
    """
    before: timedelta = policies.value(return_name(pool), organisation_id, laid_at)
    return before


def returns_at(period: Period, pool: str) -> datetime | None:
    """From when what this pool left unused there is everybody's; None where it stays the pool's."""
    if pool not in RETURNS:
        return None
    return period.closes_at - returned_before(pool, period.organisation_id, period.created_at)


def return_eras(organisation_id: UUID) -> dict[tuple[policies.Era, ...], list[Pool]]:
    """Which pools return together, by what has held since when."""
    together: dict[tuple[policies.Era, ...], list[Pool]] = {}
    for pool in RETURNS:
        eras = policies.eras(return_name(pool), organisation_id)
        together.setdefault(eras, []).append(pool)
    return together


def stop_undo(organisation_id: UUID | None) -> timedelta:
    allowance: timedelta = policies.value(STOP_UNDO, organisation_id)
    return allowance


def finished_at(session: Session) -> datetime:
    """When a session is over, by the rule of the day on which it was planned."""
    after: timedelta = policies.value(FINISHED_AFTER, session.organisation_id, session.created_at)
    return session.ends_at + after


def return_hours(
    organisation_id: UUID | None,
    *,
    close: int | None = None,
    before: Mapping[str, timedelta] = MappingProxyType({}),
) -> list[datetime]:
    """At which hours (of some day) places return by the rules of now, with these instead."""
    if close is None:
        close = policies.value(CLOSE_HOUR, organisation_id)
    ends = moment_of(timezone.localdate(), close)
    return [ends - (before.get(pool) or returned_before(pool, organisation_id)) for pool in RETURNS]


def unasked(moments: Iterable[datetime]) -> str:
    """Why it cannot be that places return at one of these; "" where who waits can be asked."""
    sentence = gettext("Unused places would return at {time}, when nobody who waits is asked.")
    return next((sentence.format(time=f"{timezone.localtime(one):%H:%M}") for one in moments), "")


def shares_of(organisation_id: UUID | None) -> dict[str, int]:
    """Per cent of a session by pool, as they hold now."""
    return {pool: policies.value(share_name(pool), organisation_id) for pool in RESERVED}


def release_at(organisation_id: UUID, day: date) -> datetime:
    """When the places of that day come out."""
    first = day - timedelta(days=policies.value(DAYS_AHEAD, organisation_id))
    return moment_of(first, policies.value(RELEASE_HOUR, organisation_id))


def closes_at(organisation_id: UUID, day: date) -> datetime:
    """When booking from afar ends for that day."""
    return moment_of(day - timedelta(days=1), policies.value(CLOSE_HOUR, organisation_id))


def moment_of(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def no_time_between(least: timedelta, most: timedelta) -> str:
    """Why nothing can be drawn between them; "" where it can."""
    if least <= most:
        return ""
    sentence = gettext("At least {least} and at most {most} leave no time between them.")
    return sentence.format(least=length(least), most=length(most))


def _closes_at_odds(organisation_id: UUID | None, wanted: int) -> str:
    hours = return_hours(organisation_id, close=wanted)
    return unasked(one for one in hours if freed.rests(organisation_id, one))


def _returns_at_odds(pool: str) -> Any:
    def refuse(organisation_id: UUID | None, wanted: timedelta) -> str:
        hours = return_hours(organisation_id, before={pool: wanted})
        return unasked(one for one in hours if freed.rests(organisation_id, one))

    return refuse


def _too_much_besides(pool: str) -> Any:
    def refuse(organisation_id: UUID | None, wanted: int) -> str:
        reserved = sum((shares_of(organisation_id) | {pool: wanted}).values())
        if reserved <= MOST_RESERVED:
            return ""
        sentence = gettext(
            "With the other pools {n} per cent would be reserved; {most} is the most."
        )
        return sentence.format(n=reserved, most=MOST_RESERVED)

    return refuse
