"""What each hospital sets for itself: when places come out, to whom they go, when booking ends."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.availability import previews
from scheduling.availability.models import Pool
from scheduling.availability.shares import RESERVED
from telemed.core import policies
from telemed.core.policies.kinds import length

GROUP = _("Booking")
RELEASE_HOUR = "booking.release_hour"
DAYS_AHEAD = "booking.days_ahead"
CLOSE_HOUR = "booking.close_hour"
MOST_RESERVED = 80  # per cent of a session, all reserved pools together

# When what a pool has not used goes to the public, before booking from afar ends; the desk keeps
# its places to the end of the period (workflows.md section 4; Chongqing 2018: one day before).
RETURNED_BEFORE = {
    Pool.FAMILY_DOCTOR: timedelta(hours=24),
    Pool.PHONE: timedelta(hours=24),
    Pool.REFERRAL: timedelta(hours=4),
}
SHARES = {
    Pool.FAMILY_DOCTOR: (10, _("Places for family doctors")),
    Pool.REFERRAL: (10, _("Places for referrals")),
    Pool.WALK_IN: (10, _("Places for the desk")),
    Pool.PHONE: (5, _("Places for the telephone and the elderly")),
}


def define() -> None:
    """Called in ready(). What is planned already keeps the rule of its day."""
    for name, label, kind, default in (
        (RELEASE_HOUR, _("Hour at which new places come out"), policies.Count(most=23), 7),
        (DAYS_AHEAD, _("Days ahead that can be booked"), policies.Count(least=7, most=14), 14),
        (CLOSE_HOUR, _("Hour of the day before when booking from afar ends"), _AFTERNOON, 16),
    ):
        policies.define(
            name,
            label=label,
            kind=kind,
            default=default,
            group=GROUP,
            preview=previews.keep_their_rule,
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


_AFTERNOON = policies.Count(least=12, most=23)


def share_name(pool: str) -> str:
    return f"booking.share.{pool}"


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
