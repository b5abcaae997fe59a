"""Who hears of what is late in a case, and when, as rules of the house (ADR 0068)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from consult.requests import previews, rungs
from consult.requests.models import Outcome
from consult.requests.rungs import (
    ABOVE,
    ABSENT,
    ASKED,
    BOTH,
    COORDINATOR,
    DIRECTOR,
    DOCTOR,
    HOSPITAL,
    NEXT,
    OFFICE,
    PHONE,
    Words,
)
from telemed.core import policies
from telemed.core.models import Calendar
from telemed.core.policies import Rung

ACCEPT, CALL, INVITATION = "case.accept.ladder", "case.accept.emergency.ladder", "case.mdt.ladder"
SCHEDULE, IN_ROOM, DONE = "case.schedule.ladder", "case.in_room.ladder", "case.done.ladder"
QUESTION, URGENT_QUESTION = "case.question.ladder", "case.question.emergency.ladder"
CONSENT, RECEIPT = "case.consent.ladder", "case.receipt.ladder"
OUTCOME, NO_SHOW = "case.outcome.ladder", "room.noshow.ladder"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GROUP = _("Consults")


def steps(*given: tuple[int, timedelta, str]) -> tuple[Rung, ...]:
    return tuple(Rung(percent=percent, plus=plus, call=call) for percent, plus, call in given)


def ladder(
    name: str,
    label: Any,
    words: Words,
    default: tuple[Rung, ...],
    *,
    clocks: tuple[str, ...],
    emergency: bool | None,
    calendar: Calendar = Calendar.WORKING,
    promise_at: int | None = 1,
    help: Any = "",  # noqa: A002  said to people
) -> None:
    """`emergency`: whether it is that of emergencies, of all others, or (None) of both."""
    callees: Mapping[str, Any] = {word: callee.label for word, callee in words.items()}
    policies.define(
        name,
        label=label,
        kind=policies.Ladder(
            callees=callees,
            calendar=calendar,
            promise_at=promise_at,
            most_rungs=6 if promise_at is None else 8,
            most_percent=100 if promise_at is None else 900,
        ),
        default=default,
        group=GROUP,
        preview=previews.keep_their_promise(*clocks, emergency=emergency),
        help=help,
    )


def define() -> None:
    """Called in ready(). The steps that workflows.md 1 and 13 give are the defaults."""
    none = timedelta()
    _define_answers(none)
    ladder(
        IN_ROOM,
        _("Who hears that nobody is in the room"),
        rungs.IN_ROOM,
        steps((100, none, BOTH), (150, none, DIRECTOR)),
        clocks=("case.in_room",),
        emergency=None,
        calendar=Calendar.WALL,
        promise_at=0,
    )
    ladder(
        NO_SHOW,
        _("Who is called when the time of a meeting has come"),
        rungs.NO_SHOWS,
        steps((0, 5 * MINUTE, ABSENT), (0, 15 * MINUTE, ABSENT)),
        clocks=("room.noshow",),
        emergency=None,
        calendar=Calendar.WALL,
        promise_at=None,
        help=_("Whoever is not there is called once at the time itself, whatever stands here."),
    )
    _define_opinions(none)
    _define_asking_side(none)


def _define_answers(none: timedelta) -> None:
    ladder(
        ACCEPT,
        _("Who hears that a consult is not answered"),
        rungs.ANSWERS,
        steps(
            *((50, none, ASKED), (100, none, NEXT), (100, HOUR, DIRECTOR)),
            *((100, 4 * HOUR, HOSPITAL), (100, 8 * HOUR, ABOVE)),
            *((100, 16 * HOUR, ABOVE), (100, 24 * HOUR, ABOVE)),
        ),
        clocks=("case.accept",),
        emergency=False,
        help=_("A consult that nobody answers ends by itself after ten times the time for it."),
    )
    ladder(
        CALL,
        _("Who hears that an emergency is not answered"),
        rungs.CALLS,
        steps((100, none, NEXT), (200, none, PHONE), (300, none, DIRECTOR), (600, none, ABOVE)),
        clocks=("case.accept",),
        emergency=True,
        calendar=Calendar.WALL,
        promise_at=0,
        help=_("It never ends by itself: somebody closes it."),
    )
    ladder(
        INVITATION,
        _("Who hears that a doctor does not answer an invitation to a joint consult"),
        rungs.INVITATIONS,
        steps((50, none, ASKED), (100, none, COORDINATOR), (100, 8 * HOUR, DIRECTOR)),
        clocks=("offer.accept",),
        emergency=False,
    )
    ladder(
        SCHEDULE,
        _("Who hears that a joint consult has no time yet"),
        rungs.MEETINGS,
        steps((50, none, COORDINATOR), (100, none, COORDINATOR), (100, 8 * HOUR, DIRECTOR)),
        clocks=("case.schedule",),
        emergency=False,
    )


def _define_opinions(none: timedelta) -> None:
    ladder(
        DONE,
        _("Who hears that an opinion is missing"),
        rungs.OPINIONS,
        steps(
            *((50, none, DOCTOR), (100, none, COORDINATOR)),
            *((100, 8 * HOUR, DIRECTOR), (100, 16 * HOUR, OFFICE)),
        ),
        clocks=("case.done",),
        emergency=None,
        help=_("Hours that are added are hours of work, in an emergency too."),
    )


def _define_asking_side(none: timedelta) -> None:
    ladder(
        QUESTION,
        _("Who hears that a question is not answered"),
        rungs.QUESTIONS,
        steps((100, none, COORDINATOR)),
        clocks=("case.question",),
        emergency=False,
        promise_at=0,
    )
    ladder(
        URGENT_QUESTION,
        _("Who hears that a question in an emergency is not answered"),
        rungs.QUESTIONS,
        steps((100, none, BOTH)),
        clocks=("case.question",),
        emergency=True,
        calendar=Calendar.WALL,
        promise_at=0,
    )
    ladder(
        CONSENT,
        _("Who hears that a consent which was put off is missing"),
        rungs.CONSENTS,
        steps((50, none, DOCTOR), (100, none, OFFICE)),
        clocks=("case.consent",),
        emergency=None,
        calendar=Calendar.WALL,
    )
    ladder(
        RECEIPT,
        _("Who hears that a receipt is missing"),
        rungs.RECEIPTS,
        steps((50, none, DOCTOR), (100, none, COORDINATOR), (100, 8 * HOUR, OFFICE)),
        clocks=("case.receipt",),
        emergency=None,
        help=_("Hours that are added are hours of work, in an emergency too."),
    )
    ladder(
        OUTCOME,
        _("Who is asked for an outcome again"),
        rungs.OUTCOMES,
        steps((0, 2 * DAY, DOCTOR), (0, 5 * DAY, COORDINATOR)),
        clocks=tuple(f"case.outcome_{day}" for day in Outcome.DAYS),
        emergency=None,
        calendar=Calendar.WALL,
        promise_at=None,
        help=_("Whoever asked for the consult is asked on the day itself, whatever stands here."),
    )
