"""What a clinic or the province sets for itself: who hears of a service, and when."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.duties import previews
from scheduling.registration.rules import GROUP, past_the_end
from telemed.core import policies
from telemed.core.models import Calendar
from telemed.core.policies import Rung

RECHECK, LATE = "duty.recheck", "duty.late"
CONFIRM, REMINDERS = "duty.confirm", "duty.confirm.reminders"
DISPUTE, DISPUTE_LADDER = "duty.dispute", "duty.dispute.ladder"
DOCTOR, LEADER, COUNTY = "doctor", "leader", "county"
SETTLER = "settler"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OVER = timedelta(days=1)  # after the window, at the earliest


def define() -> None:
    """Called in ready(). What runs already keeps the rule of its day."""
    policies.define(
        RECHECK,
        label=_("Who hears that a recheck after a warning value is not done"),
        kind=policies.Ladder(
            callees={
                DOCTOR: _("the family doctor"),
                LEADER: _("the leader of the team"),
                COUNTY: _("the coordinators of the county"),
            }
        ),
        default=(
            Rung(percent=50, call=DOCTOR),
            Rung(percent=100, call=LEADER),
            Rung(percent=100, plus=2 * DAY, call=COUNTY),
        ),
        group=GROUP,
        preview=previews.rechecks,
        help=_(
            "In per cent of the time for it: two weeks, after a relapse in severe mental illness "
            "24 hours. Nights and holidays count."
        ),
    )
    policies.define(
        LATE,
        label=_("Who hears that a service is late"),
        kind=policies.Ladder(
            callees={
                LEADER: _("the leader of the team"),
                COUNTY: _("the leader, and the coordinators of the county"),
            }
        ),
        default=(
            Rung(percent=100, plus=DAY, call=LEADER),
            Rung(percent=100, plus=16 * DAY, call=COUNTY),
        ),
        group=GROUP,
        preview=previews.windows,
        refuse=_before_the_window_is_over,
        help=_("In per cent of the two weeks after its day; at nine in the morning."),
    )
    _define_confirming()
    _define_disputes()


def _define_confirming() -> None:
    policies.define(
        CONFIRM,
        label=_("Time to confirm a service"),
        kind=policies.Duration(least=2 * DAY, most=90 * DAY),
        default=14 * DAY,
        group=GROUP,
        preview=previews.confirmations,
        refuse=_ends_before_reminders,
        help=_("Afterwards it is shown apart, and does not count as kept."),
    )
    policies.define(
        REMINDERS,
        label=_("Reminded to confirm a service, days after it"),
        kind=policies.Days(most=89),
        default=(3, 10),
        group=GROUP,
        preview=previews.confirmations,
        refuse=_reminds_after_the_end,
    )


def _define_disputes() -> None:
    policies.define(
        DISPUTE,
        label=_("Time to settle a disputed service"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=8 * HOUR, most=320 * HOUR),
        default=80 * HOUR,
        group=GROUP,
        preview=previews.disputes,
    )
    policies.define(
        DISPUTE_LADDER,
        label=_("Who hears that a dispute waits"),
        kind=policies.Ladder(
            callees={
                SETTLER: _("whoever settles it"),
                COUNTY: _("the county, which settles it from then on"),
            },
            calendar=Calendar.WORKING,
        ),
        default=(Rung(percent=50, call=SETTLER), Rung(percent=100, call=COUNTY)),
        group=GROUP,
        preview=previews.disputes,
        refuse=_stays_with_the_team,
    )


def value(name: str, organisation_id: UUID | None) -> Any:
    return policies.value(name, organisation_id)


def _before_the_window_is_over(_organisation_id: UUID | None, wanted: tuple[Rung, ...]) -> str:
    if wanted[0].percent >= policies.FULL and wanted[0].after(DAY) >= DAY + OVER:
        return ""
    return gettext("Nothing is late before the day after its window: 100 per cent and 1440 min.")


def _stays_with_the_team(_organisation_id: UUID | None, wanted: tuple[Rung, ...]) -> str:
    if any(rung.call == COUNTY for rung in wanted):
        return ""
    return gettext("One of the steps must bring a dispute to the county.")


def _ends_before_reminders(organisation_id: UUID | None, wanted: timedelta) -> str:
    return past_the_end(value(REMINDERS, organisation_id), wanted)


def _reminds_after_the_end(organisation_id: UUID | None, wanted: tuple[int, ...]) -> str:
    return past_the_end(wanted, value(CONFIRM, organisation_id))
