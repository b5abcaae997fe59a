"""The lengths and ladders that an institution or the province may set, as rules of the house."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.referrals import previews
from telemed.core import policies
from telemed.core.models import Calendar
from telemed.core.policies import Rung

ACCEPT, URGENT, HAND_BACK = "referral.accept", "referral.accept.urgent", "referral.handback"
DISCHARGED = "referral.handback.discharged"
ARRIVE, QUESTION, PLAN = "referral.arrive", "referral.question", "referral.plan"
GREEN = "referral.arrive.green"
ACCEPT_LADDER = "referral.accept.ladder"
HAND_BACK_LADDER = "referral.handback.ladder"
DISCHARGED_LADDER = "referral.handback.discharged.ladder"
ASKED, DIRECTOR, NEXT, COUNTY, PREFECTURE = "asked", "director", "next", "county", "prefecture"
DOCTOR, SENDER, MEDICAL_OFFICE = "doctor", "sender", "office"
EXPIRES = 10  # times the promise, until a routine referral has run out
GROUP = _("Referrals")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CALLED = {  # after the patient is there
    DOCTOR: _("the doctor there"),
    SENDER: _("the doctor there, and the sender"),
    DIRECTOR: _("the director of the department there"),
    MEDICAL_OFFICE: _("the medical office there"),
    COUNTY: _("the coordinators of the county there"),
}


def define() -> None:
    """Called in ready(). Working time is that of the side that must act."""
    _define_answers()
    policies.define(
        ARRIVE,
        label=_("A patient who does not come is missed after"),
        kind=policies.Duration(least=15 * MINUTE, most=7 * DAY),
        default=2 * HOUR,
        group=GROUP,
        preview=previews.arrivals,
        help=_("Then the sender is asked to find out why."),
    )
    policies.define(
        GREEN,
        label=_("A green patient who has not arrived is missed after"),
        kind=policies.Duration(least=15 * MINUTE, most=12 * HOUR),
        default=2 * HOUR,
        group=GROUP,
        preview=previews.green_arrivals,
        help=_("From the opening; anew from when they leave the clinic. Both sides hear at once."),
    )
    _define_hand_backs()
    policies.define(
        PLAN,
        label=_("Taking over the plan that came back"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=160 * HOUR),
        default=24 * HOUR,
        group=GROUP,
        preview=previews.plans,
        help=_("Half of it is the reminder."),
    )


def _define_answers() -> None:
    policies.define(
        ACCEPT,
        label=_("First answer to a referral"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR / 2, most=80 * HOUR),
        default=4 * HOUR,
        group=GROUP,
        preview=previews.routine_answers,
        help=_("Half of it is the reminder; afterwards the ladder is climbed."),
    )
    policies.define(
        URGENT,
        label=_("First answer to an urgent referral"),
        kind=policies.Duration(most=12 * HOUR),
        default=30 * MINUTE,
        group=GROUP,
        preview=previews.urgent_answers,
        help=_("Nights and holidays count."),
    )
    policies.define(
        ACCEPT_LADDER,
        label=_("Who hears that a referral is not answered"),
        kind=policies.Ladder(
            callees={
                ASKED: _("whoever was asked"),
                DIRECTOR: _("the director there, and the sender"),
                NEXT: _("the next hospital, which is asked, too; back to a clinic: the county"),
                COUNTY: _("the sender, and the coordinators of the county there"),
                PREFECTURE: _("the coordinators of the prefecture there"),
            },
            calendar=Calendar.WORKING,
            most_rungs=4,
            promise_at=1,
        ),
        default=(
            Rung(percent=50, call=ASKED),
            Rung(percent=100, call=DIRECTOR),
            Rung(percent=200, call=NEXT),
            Rung(percent=300, call=PREFECTURE),
        ),
        group=GROUP,
        preview=previews.answers,
        refuse=_no_answer_ladder,
        help=_("A referral that is not urgent ends by itself after ten times the time for it."),
    )
    policies.define(
        QUESTION,
        label=_("Answer to a question about a referral"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=160 * HOUR),
        default=24 * HOUR,
        group=GROUP,
        preview=previews.questions,
        help=_("Half of it is the reminder."),
    )


def _define_hand_backs() -> None:
    policies.define(
        HAND_BACK,
        label=_("Hand-back after arrival"),
        kind=policies.Duration(most=90 * DAY),
        default=14 * DAY,
        group=GROUP,
        preview=previews.hand_backs,
        help=_("Once it is over, both sides see it in red."),
    )
    policies.define(
        HAND_BACK_LADDER,
        label=_("Who hears that a hand-back is missing"),
        kind=policies.Ladder(callees=CALLED, promise_at=1),
        default=_hand_back_ladder(75, DAY),
        group=GROUP,
        preview=previews.hand_backs,
    )
    policies.define(
        DISCHARGED,
        label=_("Hand-back after discharge"),
        kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR, most=160 * HOUR),
        default=24 * HOUR,
        group=GROUP,
        preview=previews.discharged,
        help=_("From the moment at which the hospital enters the discharge."),
    )
    policies.define(
        DISCHARGED_LADDER,
        label=_("Who hears that a hand-back after discharge is missing"),
        kind=policies.Ladder(callees=CALLED, calendar=Calendar.WORKING, promise_at=1),
        default=_hand_back_ladder(50, policies.WORKING_DAY),
        group=GROUP,
        preview=previews.discharged,
    )


def _hand_back_ladder(percent: int, day: timedelta) -> tuple[Rung, ...]:
    """A doctor may forget; the institution may not."""
    return (
        Rung(percent=percent, call=DOCTOR),
        Rung(percent=100, call=SENDER),
        Rung(percent=100, plus=day, call=DIRECTOR),
        Rung(percent=100, plus=3 * day, call=MEDICAL_OFFICE),
        Rung(percent=100, plus=7 * day, call=COUNTY),
    )


def _no_answer_ladder(organisation_id: UUID | None, wanted: tuple[Rung, ...]) -> str:
    if wanted[0].call == NEXT:
        return gettext("The next hospital is asked once the time is over, not before.")
    promise = policies.value(ACCEPT, organisation_id)
    if wanted[-1].after(promise) >= EXPIRES * promise:
        return gettext("After ten times the time for it a referral has ended; nobody hears then.")
    return ""
