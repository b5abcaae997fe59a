"""
What each hospital sets for itself about the times of a booking: how long a place is held, when
somebody is reminded, when a place comes back, and how long whoever was displaced may choose.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.appointments import previews
from scheduling.availability.rules import GROUP, no_time_between
from telemed.core import policies
from telemed.core.policies.kinds import length

HOLD, EVENING, SHORTLY = "booking.hold", "booking.remind.hour", "booking.remind.shortly"
RETURN_LEAST, RETURN_MOST = "booking.return.least", "booking.return.most"
AT_ONCE = "booking.return.at_once"
CHOICE, PHONE, BEFORE = "displaced.choice", "displaced.phone", "displaced.before"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def define() -> None:
    """Called in ready(). What runs already keeps the rule of its day."""
    policies.define(
        HOLD,
        label=_("A chosen place is kept until it is confirmed for"),
        kind=policies.Duration(least=2 * MINUTE, most=30 * MINUTE),
        default=5 * MINUTE,
        group=GROUP,
        preview=previews.holds,
    )
    _define_reminders()
    _define_return()
    _define_choice()


def _define_reminders() -> None:
    policies.define(
        EVENING,
        label=_("Hour of the day before at which somebody is reminded"),
        kind=policies.Count(least=8, most=21),
        default=18,
        group=GROUP,
        preview=previews.reminded,
    )
    policies.define(
        SHORTLY,
        label=_("Reminded again before the visit"),
        kind=policies.Duration(least=30 * MINUTE, most=12 * HOUR),
        default=2 * HOUR,
        group=GROUP,
        preview=previews.reminded,
    )


def _define_return() -> None:
    for name, label, most, default in (
        (RETURN_LEAST, _("A cancelled place comes back after, at least"), 2 * HOUR, 5 * MINUTE),
        (RETURN_MOST, _("A cancelled place comes back after, at most"), 6 * HOUR, 60 * MINUTE),
        (AT_ONCE, _("Before its time a cancelled place comes back at once"), 24 * HOUR, 4 * HOUR),
    ):
        policies.define(
            name,
            label=label,
            kind=policies.Duration(most=most),
            default=default,
            group=GROUP,
            preview=previews.coming_back,
            refuse=_no_window(name),
            help=_("At a moment between them that nobody can wait for."),
        )


def _define_choice() -> None:
    policies.define(
        CHOICE,
        label=_("Whoever lost a visit answers within"),
        kind=policies.Duration(least=HOUR, most=72 * HOUR),
        default=24 * HOUR,
        group=GROUP,
        preview=previews.choosing,
        refuse=_phoned_after_the_end(CHOICE),
        help=_("Then the clinic cancels, and it never counts."),
    )
    policies.define(
        PHONE,
        label=_("Whoever lost a visit and does not answer is phoned after"),
        kind=policies.Duration(least=15 * MINUTE, most=48 * HOUR),
        default=4 * HOUR,
        group=GROUP,
        preview=previews.choosing,
        refuse=_phoned_after_the_end(PHONE),
    )
    policies.define(
        BEFORE,
        label=_("An answer is due before the place that is kept instead"),
        kind=policies.Duration(least=15 * MINUTE, most=24 * HOUR),
        default=2 * HOUR,
        group=GROUP,
        preview=previews.choosing,
    )


def span(name: str, organisation_id: UUID | None) -> timedelta:
    found: timedelta = policies.value(name, organisation_id)
    return found


def evening_hour(organisation_id: UUID) -> int:
    return int(policies.value(EVENING, organisation_id))


def return_window(organisation_id: UUID) -> tuple[timedelta, timedelta]:
    """The least and the most. A clinic's own one is not above a province's other one."""
    least, most = span(RETURN_LEAST, organisation_id), span(RETURN_MOST, organisation_id)
    return least, max(least, most)


def _no_window(name: str) -> Any:
    def refuse(organisation_id: UUID | None, wanted: timedelta) -> str:
        least, most, at_once = (
            wanted if one == name else span(one, organisation_id)
            for one in (RETURN_LEAST, RETURN_MOST, AT_ONCE)
        )
        if refusal := no_time_between(least, most):
            return refusal
        if most > at_once:
            sentence = gettext(
                "After {most} it could come back too late: at once is for the last {at_once}."
            )
            return sentence.format(most=length(most), at_once=length(at_once))
        return ""

    return refuse


def _phoned_after_the_end(name: str) -> Any:
    def refuse(organisation_id: UUID | None, wanted: timedelta) -> str:
        end, phone = (
            wanted if one == name else span(one, organisation_id) for one in (CHOICE, PHONE)
        )
        if phone < end:
            return ""
        sentence = gettext("Nobody is phoned after {phone}: the answer was due after {end}.")
        return sentence.format(phone=length(phone), end=length(end))

    return refuse
