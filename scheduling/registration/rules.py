"""What a clinic or the province sets for itself: the cap of a panel, the times of a contract."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from scheduling.registration import previews
from telemed.core import policies
from telemed.core.models import Calendar
from telemed.core.policies import Rung

GROUP = _("Family doctor")
CAP, REVIEW, SIGNATURE = "registration.cap", "registration.review", "registration.signature"
REVIEW_LADDER, REMINDERS = "registration.review.ladder", "registration.signature.reminders"
RENEWAL, HAND_OVER = "registration.renewal", "registration.handover"
RENEWABLE, OF_AGE = "registration.renewable", "registration.of_age"
LEADER, COUNTY, AUTHORITY = "leader", "county", "authority"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def define() -> None:
    """Called in ready(). What runs already keeps the rule of its day."""
    policies.define(
        CAP,
        label=_("People a family doctor may sign"),
        kind=policies.Count(least=1, most=5_000),
        default=2_000,
        group=GROUP,
        preview=previews.full_already,
        help=_("Who is signed already stays; nobody is added above it."),
    )
    _define_review()
    _define_signature()
    policies.define(
        RENEWAL,
        label=_("Asked whether to renew, days before the end"),
        kind=policies.Days(falling=True, most=180),
        default=(60, 30, 7),
        group=GROUP,
        preview=previews.asked_to_renew,
        help=_("At nine in the morning; never renewed without an answer."),
    )
    policies.define(
        RENEWABLE,
        label=_("Renewed without a review for so long after it ran out"),
        kind=policies.Count(least=1, most=previews.MOST_RENEWABLE),
        default=30,
        group=GROUP,
        unit=pgettext_lazy("unit", "d"),
        preview=previews.still_renewable,
        help=_("Afterwards the team is asked as by anybody else."),
    )
    policies.define(
        OF_AGE,
        label=_("Told of the own signature before the eighteenth birthday"),
        kind=policies.Count(least=7, most=180),
        default=60,
        group=GROUP,
        unit=pgettext_lazy("unit", "d"),
        preview=previews.coming_of_age,
        help=_("Of a contract that a guardian signed; both are told."),
    )
    policies.define(
        HAND_OVER,
        label=_("Hand-over note after a contract has ended"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=8 * HOUR, most=320 * HOUR),
        default=80 * HOUR,
        group=GROUP,
        preview=previews.hand_overs,
        help=_("Half of it reminds the leader of the team; then the county hears of it."),
    )


def _define_review() -> None:
    policies.define(
        REVIEW,
        label=_("Answer to an application for a family doctor"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=160 * HOUR),
        default=40 * HOUR,
        group=GROUP,
        preview=previews.reviews,
        help=_("Half of it is the reminder; afterwards the ladder is climbed."),
    )
    policies.define(
        REVIEW_LADDER,
        label=_("Who hears that an application for a family doctor waits"),
        kind=policies.Ladder(
            callees={
                LEADER: _("the leader of the team"),
                COUNTY: _("the coordinators of the county"),
                AUTHORITY: _("the health authority of the county"),
            },
            calendar=Calendar.WORKING,
            promise_at=1,
        ),
        default=(
            Rung(percent=50, call=LEADER),
            Rung(percent=100, call=COUNTY),
            Rung(percent=100, plus=16 * HOUR, call=AUTHORITY),
        ),
        group=GROUP,
        preview=previews.reviews,
        help=_("When the time is over, whoever applied hears which other team has room."),
    )


def _define_signature() -> None:
    policies.define(
        SIGNATURE,
        label=_("Time to sign what the team agreed to"),
        kind=policies.Duration(least=7 * DAY, most=90 * DAY),
        default=30 * DAY,
        group=GROUP,
        preview=previews.signatures,
        refuse=_ends_before_reminders,
        help=_("Then the application is withdrawn by itself."),
    )
    policies.define(
        REMINDERS,
        label=_("Reminded to sign, days after the team agreed"),
        kind=policies.Days(most=89),
        default=(7, 25),
        group=GROUP,
        preview=previews.signatures,
        refuse=_reminds_after_the_end,
    )


def value(name: str, organisation_id: UUID | None) -> Any:
    return policies.value(name, organisation_id)


def renewable_days(organisation_id: UUID, ended_at: datetime | None) -> int:
    """For how many days what ran out is renewed, by the rule of the day on which that was said."""
    days: int = policies.value(RENEWABLE, organisation_id, ended_at)
    return days


def working_days(name: str, organisation_id: UUID) -> int:
    """A length of working time in words that people use; what is begun is a day."""
    length: timedelta = value(name, organisation_id)
    return -(-length // policies.WORKING_DAY)


def _ends_before_reminders(organisation_id: UUID | None, wanted: timedelta) -> str:
    return past_the_end(value(REMINDERS, organisation_id), wanted)


def _reminds_after_the_end(organisation_id: UUID | None, wanted: tuple[int, ...]) -> str:
    return past_the_end(wanted, value(SIGNATURE, organisation_id))


def past_the_end(reminders: tuple[int, ...], end: timedelta) -> str:
    """Why these days and that end do not go together; "" where they do."""
    if reminders[-1] * DAY < end:
        return ""
    sentence = gettext("The last reminder comes on day {day}, and on day {end} the time is over.")
    return sentence.format(day=reminders[-1], end=end // DAY)
