"""
The lengths of the clocks and the rungs of their ladders, answered here alone.

domain.md 1.3; workflows.md 1 and 13. What is set and by whom is in rules.py and ladder_rules.py,
what the words of a ladder mean in rungs.py; ladder() puts them together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from consult.requests import ladder_rules, rules, rungs
from consult.requests.models import Case, Kind, Outcome
from consult.requests.rungs import (
    AGAIN,
    END,
    NAMED,
    OF_ASKED,
    PROMISE,
    WARN,
    Act,
    Callee,
    Ladder,
    Rung,
    Whom,
    Words,
)
from telemed.core import clocks
from telemed.core import policies as house
from telemed.core.models import Calendar
from telemed.core.policies import FULL
from telemed.core.policies import Rung as Step

READABLE_AFTER_CLOSE = timedelta(days=7)
REASON = 5  # characters of a reason in words
HANDOVER_NOTE = 10  # characters of what the successor has to know
MAX_OFFERS = 5  # doctors asked at once
UNDO_SUBMIT = timedelta(minutes=2)
UNDO_CANCEL = timedelta(minutes=10)
THREAD_ENDS = timedelta(hours=72)  # after the opinion was signed
MESSAGE_TURN = timedelta(minutes=15)  # the other side is told of messages once in that time
PROMISE_HOLDS = timedelta(minutes=5)  # a phoned "I am coming"
DRAFT_ENDS = timedelta(days=7)  # before the end of a draft its writer hears of it
DAY = timedelta(hours=8)  # of work
EXPIRES = 10  # times the promise, until a consult that nobody answers has run out
LEFT_AFTER_RETURN = {Kind.EMERGENCY: timedelta(minutes=5)}  # others: half an hour
FEW = timedelta(minutes=30)
OUTCOME_AT = time(18)
Fixed = Callable[[timedelta, UUID | None, datetime | None], list[Rung]]


def nothing(_promise: timedelta, _organisation_id: UUID | None, _at: datetime | None) -> list[Rung]:
    return []


@dataclass(frozen=True)
class Plan:
    """
    How one clock is built from the rules of the house.

    `first` is the number of the ladder's first step; `fixed` are the rungs that no rule moves.
    `plus` is the calendar of what a step adds: in an emergency, too, some of it is hours of work.
    `again`: who hears of it every working day after the last step, besides everybody on the ladder.
    """

    length: str  # the rule that holds its promise
    calendar: Calendar = Calendar.WALL
    ladder: str = ""
    words: Words = field(default_factory=dict)
    first: int = WARN
    plus: Calendar = Calendar.WALL
    fixed: Fixed = nothing
    again: tuple[Whom, ...] = ()


def ladder(
    clock: str, kind: str, organisation_id: UUID | None = None, at: datetime | None = None
) -> Ladder:
    """
    The rungs of one clock for one kind of case, by the rules of that moment (now).

    `organisation_id` is the side that must act.
    """
    plan = plan_of(clock, kind)
    promise = house.value(plan.length, organisation_id, at)
    steps = house.value(plan.ladder, organisation_id, at) if plan.ladder else ()
    words = NAMED if clock == "case.accept" and kind == Kind.NAMED else plan.words
    rungs = [
        _rung(plan, plan.first + place, step, promise, words[step.call])
        for place, step in enumerate(steps)
    ]
    rungs += plan.fixed(promise, organisation_id, at)
    if plan.again:
        rungs.append(_again(rungs, plan.again))
    return Ladder(plan.calendar, tuple(sorted(rungs, key=lambda rung: rung.after + rung.plus)))


def plan_of(clock: str, kind: str) -> Plan:
    emergency = kind == Kind.EMERGENCY and clock in EMERGENCY
    return EMERGENCY[clock] if emergency else COMMON[clock]


def _rung(plan: Plan, number: int, step: Step, promise: timedelta, callee: Callee) -> Rung:
    after, plus = promise * step.percent / FULL, step.plus
    if plan.plus == plan.calendar:
        after, plus = after + plus, timedelta()
    return Rung(number, after, callee.tell, callee.template, callee.act, plus)


def _again(rungs: list[Rung], besides: tuple[Whom, ...]) -> Rung:
    last = max(rungs, key=lambda rung: rung.after + rung.plus)
    told = [rung for rung in rungs if rung.tell and rung.number != WARN]
    everybody = dict.fromkeys((*besides, *(whom for rung in told for whom in rung.tell)))
    template = told[-1].template if told else ""
    return Rung(AGAIN, last.after, tuple(everybody), template, plus=last.plus + DAY)


def acting_side(clock: str, case: Case) -> UUID | None:
    """The institution whose lengths hold: the one that must act."""
    return case.asked_id if clock in OF_ASKED else case.asking_id


def promised(kind: str, organisation_id: UUID | None = None) -> timedelta:
    """Within what the first answer is promised; then the coordinator takes over."""
    return ladder("case.accept", kind, organisation_id).promise


def needs_triage(organisation_id: UUID | None) -> bool:
    """Whether a coordinator looks at a request before doctors are asked."""
    return bool(house.value(rules.TRIAGE, organisation_id))


def left_after_return(kind: str) -> timedelta:
    """What the accept clock has at least when a doctor gives a case back."""
    return LEFT_AFTER_RETURN.get(Kind(kind), FEW)


def allowance(rung: Rung, calendar: Calendar, spent: timedelta) -> tuple[timedelta, Calendar]:
    """What is left of a rung when that much of its ladder is over, and in which calendar."""
    left = rung.after - spent
    if not rung.plus:
        return left, calendar
    now = timezone.now()
    base = clocks.due(now, max(left, timedelta()), calendar).at
    return clocks.worked(now, base, Calendar.WORKING) + rung.plus, Calendar.WORKING


def outcome_clock(day: int) -> str:
    return f"case.outcome_{day}"


def outcome_due(day: int, signed_at: datetime) -> datetime:
    """The evening of that day."""
    date = timezone.localdate(signed_at) + timedelta(days=day)
    return timezone.make_aware(datetime.combine(date, OUTCOME_AT))


def _expires(promise: timedelta, *_scope: object) -> list[Rung]:
    return [Rung(END, EXPIRES * promise, act=Act.EXPIRE)]


def _closes(promise: timedelta, organisation_id: UUID | None, at: datetime | None) -> list[Rung]:
    """Without a receipt that is the end."""
    plus = house.value(rules.UNRECEIPTED, organisation_id, at)
    return [Rung(END, promise, act=Act.CLOSE, plus=plus)]


def _drops(promise: timedelta, *_scope: object) -> list[Rung]:
    return [
        Rung(WARN, promise - DRAFT_ENDS, (Whom.REQUESTER,), "case.draft_ends"),
        Rung(PROMISE, promise, act=Act.EXPIRE),
    ]


def _asks(promise: timedelta, *_scope: object) -> list[Rung]:
    return [
        Rung(PROMISE, timedelta(), (Whom.REQUESTER,), "case.outcome_due"),
        Rung(END, promise, act=Act.LAPSE),
    ]


def _meets(promise: timedelta, *_scope: object) -> list[Rung]:
    """From the time agreed: who is not there is called, then it was missed."""
    return [
        Rung(WARN, timedelta(), (Whom.ABSENT,), "case.meet_now"),
        Rung(PROMISE, promise, act=Act.MISS),
    ]


def _opens(promise: timedelta, *_scope: object) -> list[Rung]:
    """So long before it, that either side finds the room open."""
    return [Rung(PROMISE, -promise, act=Act.OPEN_ROOM)]


def _does(act: Act) -> Fixed:
    return lambda promise, organisation_id, at: [Rung(PROMISE, promise, act=act)]


def _keeps_open(promise: timedelta, *_scope: object) -> list[Rung]:
    """The asking side is told until it is done: where it still can't be closed, it begins anew."""
    asked = (Whom.REQUESTER, Whom.COORDINATOR_Q)
    return [
        Rung(PROMISE, timedelta(), asked, "case.still_open"),
        Rung(2, promise, (Whom.MEDICAL_OFFICE_Q,), "case.still_open"),
        Rung(END, 2 * promise, act=Act.CLOSE),
    ]


WORKING = Calendar.WORKING
ASKER, HOLDER = (Whom.REQUESTER,), (Whom.HOLDER,)
OUTCOME = Plan(
    rules.OUTCOME, ladder=ladder_rules.OUTCOME, words=rungs.OUTCOMES, first=2, fixed=_asks
)
EMERGENCY: Mapping[str, Plan] = {
    "case.accept": Plan(
        "case.accept.emergency",
        ladder=ladder_rules.CALL,
        words=rungs.CALLS,
        first=PROMISE,
        again=ASKER,
    ),
    "case.done": Plan(
        "case.done.emergency",
        ladder=ladder_rules.DONE,
        words=rungs.OPINIONS,
        plus=WORKING,
        again=HOLDER,
    ),
    "case.receipt": Plan(
        "case.receipt.emergency",
        ladder=ladder_rules.RECEIPT,
        words=rungs.RECEIPTS,
        plus=WORKING,
        fixed=_closes,
    ),
    "case.question": Plan(
        "case.question.emergency",
        ladder=ladder_rules.URGENT_QUESTION,
        words=rungs.QUESTIONS,
        first=PROMISE,
        again=ASKER,
    ),
}


def _working(
    length: str,
    ladder: str,
    words: Words,
    fixed: Fixed = nothing,
    again: tuple[Whom, ...] = (),
) -> Plan:
    """In hours of work, with a reminder."""
    return Plan(length, WORKING, ladder, words, WARN, WORKING, fixed, again)


COMMON: Mapping[str, Plan] = {
    "case.draft": Plan(rules.DRAFT, fixed=_drops),
    "case.triage": Plan(rules.TRIAGE_TIME, WORKING, fixed=_does(Act.ROUTE)),
    "case.accept": _working("case.accept", ladder_rules.ACCEPT, rungs.ANSWERS, _expires),
    "offer.accept": _working(
        "case.accept.mdt", ladder_rules.INVITATION, rungs.INVITATIONS, again=ASKER
    ),
    "case.schedule": _working("case.schedule", ladder_rules.SCHEDULE, rungs.MEETINGS, again=ASKER),
    "case.in_room": Plan(
        rules.IN_ROOM, ladder=ladder_rules.IN_ROOM, words=rungs.IN_ROOM, first=PROMISE
    ),
    "case.done": _working("case.done", ladder_rules.DONE, rungs.OPINIONS, again=HOLDER),
    "case.question": Plan(
        rules.QUESTION,
        WORKING,
        ladder_rules.QUESTION,
        rungs.QUESTIONS,
        PROMISE,
        WORKING,
        again=ASKER,
    ),
    "case.consent": Plan(rules.CONSENT, ladder=ladder_rules.CONSENT, words=rungs.CONSENTS),
    "case.receipt": _working("case.receipt", ladder_rules.RECEIPT, rungs.RECEIPTS, _closes),
    "case.close": Plan(rules.CLOSE, WORKING, fixed=_does(Act.CLOSE)),
    "case.blocked": Plan(rules.CLOSE, WORKING, fixed=_keeps_open),
    "room.noshow": Plan(
        rules.NO_SHOW, ladder=ladder_rules.NO_SHOW, words=rungs.NO_SHOWS, first=2, fixed=_meets
    ),
    "room.open": Plan(rules.OPENS, fixed=_opens),
    **{outcome_clock(day): OUTCOME for day in Outcome.DAYS},
}
