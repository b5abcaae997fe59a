"""
The lengths of the clocks and the rungs of their ladders, answered here alone.

domain.md 1.3; workflows.md 1 and 13. A rung's number says what it is: 0 warns, 1 is the promise,
later ones escalate. The defaults stand here; what an institution or the province has set instead
(rules.py) is read in ladder().
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum, auto
from functools import partial
from uuid import UUID

from django.utils import timezone

from consult.requests import rules
from consult.requests.models import Case, Kind
from telemed.core import clocks
from telemed.core import policies as house
from telemed.core.models import Calendar

READABLE_AFTER_CLOSE = timedelta(days=7)
REASON = 5  # characters of a reason in words
HANDOVER_NOTE = 10  # characters of what the successor has to know
MAX_OFFERS = 5  # doctors asked at once
UNDO_SUBMIT = timedelta(minutes=2)
UNDO_CANCEL = timedelta(minutes=10)
THREAD_ENDS = timedelta(hours=72)  # after the opinion was signed
MESSAGE_TURN = timedelta(minutes=15)  # the other side is told of messages once in that time
PROMISE_HOLDS = timedelta(minutes=5)  # a phoned "I am coming"
NO_ANSWER_AFTER = timedelta(hours=40)  # working hours, then a doctor may decline for that reason
LEFT_AFTER_RETURN = {Kind.EMERGENCY: timedelta(minutes=5)}  # others: half an hour
FEW = timedelta(minutes=30)
OUTCOME_AT = time(18)

WARN, PROMISE = 0, 1


class Whom(StrEnum):
    """Who hears of a rung; (q) the asking side, (a) the answering one."""

    ASKED = auto()  # the doctors whose answer is open
    INVITED = auto()  # the one whose clock it is, in a joint consult
    HOLDER = auto()
    ABSENT = auto()  # who was to meet now and is not in the room
    REQUESTER = auto()
    COORDINATOR_Q = auto()
    COORDINATOR_A = auto()
    DIRECTOR_A = auto()
    MEDICAL_OFFICE_Q = auto()
    MEDICAL_OFFICE_A = auto()
    PREFECTURE = auto()  # the coordinators of the prefecture's health authority


class Act(StrEnum):
    """What a rung does besides telling."""

    ASK_NEXT = auto()  # the hospital's next doctors
    ASK_NEXT_HOSPITAL = auto()
    OFFER_SUBSTITUTES = auto()
    EXPIRE = auto()
    ROUTE = auto()
    CLOSE = auto()
    LAPSE = auto()
    MISS = auto()
    PASS_UP = auto()  # the coordinators of the next level look for who can answer
    OPEN_ROOM = auto()


@dataclass(frozen=True)
class Rung:
    """
    One rung: `after` the start in the ladder's calendar, then `plus` in working hours.

    `template` is the message; without one it is the common reminder or the common "overdue".
    """

    number: int
    after: timedelta
    tell: tuple[Whom, ...] = ()
    template: str = ""
    act: Act | None = None
    plus: timedelta = timedelta()


@dataclass(frozen=True)
class Ladder:
    calendar: Calendar
    rungs: tuple[Rung, ...]

    @property
    def promise(self) -> timedelta:
        return next(rung.after for rung in self.rungs if rung.number == PROMISE)

    def rung(self, number: int) -> Rung | None:
        return next((rung for rung in self.rungs if rung.number == number), None)


def ladder(clock: str, kind: str, organisation_id: UUID | None = None) -> Ladder:
    """The rungs of one clock for one kind of case; `organisation_id` is the side that must act."""
    emergency = kind == Kind.EMERGENCY
    rule = rules.LENGTHS.get((clock, emergency))
    promise = house.value(rule, organisation_id) if rule else timedelta()
    if emergency and clock in EMERGENCY:
        return EMERGENCY[clock](promise)
    if clock == "case.accept" and kind == Kind.NAMED:
        return NAMED(promise)
    return COMMON[clock](promise)


def acting_side(clock: str, case: Case) -> UUID | None:
    """The institution whose lengths hold: the one that must act."""
    asked = (
        *("case.triage", "case.accept", "case.in_room", "case.done"),
        *("case.schedule", "offer.accept"),
    )
    return case.asked_id if clock in asked else case.asking_id


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


def _minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


def _hours(n: int) -> timedelta:
    return timedelta(hours=n)


def _answers(promise: timedelta, *, substitutes: bool) -> Ladder:
    """Four working hours for the first answer; ten times as long until the request expires."""
    nobody = (Whom.COORDINATOR_A, Whom.REQUESTER)
    first = (
        Rung(PROMISE, promise, nobody, "case.substitutes", Act.OFFER_SUBSTITUTES)
        if substitutes
        else Rung(PROMISE, promise, nobody, "case.escalated", Act.ASK_NEXT)
    )
    next_hospital = Act.ASK_NEXT_HOSPITAL
    return Ladder(
        Calendar.WORKING,
        (
            Rung(WARN, promise / 2, (Whom.ASKED,), "case.offered"),
            first,
            Rung(2, promise + _hours(1), (Whom.DIRECTOR_A,), "case.escalated"),
            Rung(3, promise + _hours(4), act=next_hospital),
            Rung(5, promise + _hours(8), act=Act.PASS_UP),
            Rung(6, promise + _hours(16), act=Act.PASS_UP),
            Rung(7, promise + _hours(24), act=Act.PASS_UP),
            Rung(4, 10 * promise, act=Act.EXPIRE),
        ),
    )


def _invitation(promise: timedelta) -> Ladder:
    """Eight working hours for each doctor of a joint consult; then another may be asked."""
    return Ladder(
        Calendar.WORKING,
        (
            Rung(WARN, promise / 2, (Whom.INVITED,)),
            Rung(PROMISE, promise, (Whom.COORDINATOR_A,), "case.replace"),
            Rung(2, promise, (Whom.DIRECTOR_A,), "case.replace", plus=_hours(8)),
        ),
    )


def _meeting(promise: timedelta) -> Ladder:
    """A joint consult has its time within three working days."""
    return Ladder(
        Calendar.WORKING,
        (
            Rung(WARN, promise / 2, (Whom.COORDINATOR_A,)),
            Rung(PROMISE, promise, (Whom.COORDINATOR_A,), "case.unscheduled"),
            Rung(2, promise, (Whom.DIRECTOR_A,), "case.unscheduled", plus=_hours(8)),
        ),
    )


def _calls(promise: timedelta) -> Ladder:
    """An emergency: five minutes, ten, fifteen, thirty."""
    phone = (Whom.COORDINATOR_A,)
    above = (Whom.MEDICAL_OFFICE_A, Whom.PREFECTURE, Whom.REQUESTER)
    told = (Whom.REQUESTER, Whom.COORDINATOR_A)
    next_hospital = Act.ASK_NEXT_HOSPITAL
    return Ladder(
        Calendar.WALL,
        (
            Rung(PROMISE, promise, told, "case.escalated", Act.ASK_NEXT),
            Rung(2, 2 * promise, phone, "case.phone"),
            Rung(3, 3 * promise, (Whom.DIRECTOR_A,), "case.phone", next_hospital),
            Rung(4, 6 * promise, above, "case.refer", Act.PASS_UP),
        ),
    )


def _opinion(calendar: Calendar, promise: timedelta) -> Ladder:
    return Ladder(
        calendar,
        (
            Rung(WARN, promise / 2, (Whom.HOLDER,)),
            Rung(PROMISE, promise, (Whom.HOLDER, Whom.COORDINATOR_A), "case.late"),
            Rung(2, promise, (Whom.DIRECTOR_A,), "case.late", plus=_hours(8)),
            Rung(3, promise, (Whom.MEDICAL_OFFICE_A,), "case.late", plus=_hours(16)),
        ),
    )


def _receipt(calendar: Calendar, promise: timedelta) -> Ladder:
    return Ladder(
        calendar,
        (
            Rung(WARN, promise / 2, (Whom.REQUESTER,), "case.receipt_due"),
            Rung(PROMISE, promise, (Whom.REQUESTER, Whom.COORDINATOR_Q), "case.receipt_due"),
            Rung(2, promise, (Whom.MEDICAL_OFFICE_Q,), "case.receipt_due", plus=_hours(8)),
            Rung(3, promise, act=Act.CLOSE, plus=_hours(40)),
        ),
    )


def _fixed(calendar: Calendar, *rungs: Rung) -> Callable[[timedelta], Ladder]:
    """A ladder whose length nobody sets."""
    made = Ladder(calendar, rungs)
    return lambda promise: made


OUTCOME = _fixed(
    Calendar.WALL,
    Rung(PROMISE, timedelta(), (Whom.REQUESTER,), "case.outcome_due"),
    Rung(2, timedelta(days=2), (Whom.REQUESTER,), "case.outcome_due"),
    Rung(3, timedelta(days=5), (Whom.COORDINATOR_Q,), "case.outcome_due"),
    Rung(4, timedelta(days=7), act=Act.LAPSE),
)
Ladders = Mapping[str, Callable[[timedelta], Ladder]]
EMERGENCY: Ladders = {
    "case.accept": _calls,
    "case.done": partial(_opinion, Calendar.WALL),
    "case.receipt": partial(_receipt, Calendar.WALL),
    "case.question": _fixed(
        Calendar.WALL, Rung(PROMISE, _minutes(5), (Whom.REQUESTER, Whom.COORDINATOR_Q))
    ),
}
NAMED = partial(_answers, substitutes=True)
BOTH_COORDINATORS = (Whom.COORDINATOR_A, Whom.COORDINATOR_Q)
COMMON: Ladders = {
    "case.draft": _fixed(
        Calendar.WALL,
        Rung(WARN, timedelta(days=23), (Whom.REQUESTER,), "case.draft_ends"),
        Rung(PROMISE, timedelta(days=30), act=Act.EXPIRE),
    ),
    "case.triage": _fixed(Calendar.WORKING, Rung(PROMISE, _minutes(30), act=Act.ROUTE)),
    "case.accept": partial(_answers, substitutes=False),
    "offer.accept": _invitation,
    "case.schedule": _meeting,
    "case.in_room": _fixed(
        Calendar.WALL,
        Rung(PROMISE, _minutes(10), BOTH_COORDINATORS, "case.nobody_in_room"),
        Rung(2, _minutes(15), (Whom.DIRECTOR_A,), "case.nobody_in_room"),
    ),
    "case.done": partial(_opinion, Calendar.WORKING),
    "case.question": _fixed(Calendar.WORKING, Rung(PROMISE, _hours(24), (Whom.COORDINATOR_Q,))),
    "case.consent": _fixed(
        Calendar.WALL,
        Rung(WARN, _hours(12), (Whom.REQUESTER,), "case.consent_due"),
        Rung(PROMISE, _hours(24), (Whom.REQUESTER, Whom.MEDICAL_OFFICE_Q), "case.consent_due"),
    ),
    "case.receipt": partial(_receipt, Calendar.WORKING),
    "case.close": _fixed(Calendar.WORKING, Rung(PROMISE, _hours(8), act=Act.CLOSE)),
    # From the time agreed: who is not there is called three times, then it was missed.
    "room.noshow": _fixed(
        Calendar.WALL,
        Rung(WARN, timedelta(), (Whom.ABSENT,), "case.meet_now"),
        Rung(2, _minutes(5), (Whom.ABSENT,), "case.awaited"),
        Rung(3, _minutes(15), (Whom.ABSENT,), "case.awaited"),
        Rung(PROMISE, _minutes(30), act=Act.MISS),
    ),
    # Half an hour before it, so that either side finds the room open.
    "room.open": _fixed(Calendar.WALL, Rung(PROMISE, -_minutes(30), act=Act.OPEN_ROOM)),
    **{outcome_clock(day): OUTCOME for day in (3, 7, 30)},
}
