"""
The lengths of the clocks and the rungs of their ladders, answered here alone.

domain.md 1.3; workflows.md 1 and 13. A rung's number says what it is: 0 warns, 1 is the promise,
later ones escalate. The defaults stand here; an institution's own lengths are read in ladder().
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum, auto
from uuid import UUID

from django.utils import timezone

from consult.requests.models import Kind
from telemed.core import clocks
from telemed.core.models import Calendar

READABLE_AFTER_CLOSE = timedelta(days=7)
REASON = 5  # characters of a reason in words
HANDOVER_NOTE = 10  # characters of what the successor has to know
MAX_OFFERS = 5  # doctors asked at once
UNDO_SUBMIT = timedelta(minutes=2)
UNDO_CANCEL = timedelta(minutes=10)
PROMISE_HOLDS = timedelta(minutes=5)  # a phoned "I am coming"
NO_ANSWER_AFTER = timedelta(hours=40)  # working hours, then a doctor may decline for that reason
LEFT_AFTER_RETURN = {Kind.EMERGENCY: timedelta(minutes=5)}  # others: half an hour
FEW = timedelta(minutes=30)
OUTCOME_AT = time(18)

WARN, PROMISE = 0, 1


class Whom(StrEnum):
    """Who hears of a rung; (q) the asking side, (a) the answering one."""

    ASKED = auto()  # the doctors whose answer is open
    HOLDER = auto()
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
    emergency = EMERGENCY if kind == Kind.EMERGENCY else {}
    named = NAMED if kind == Kind.NAMED else {}
    return emergency.get(clock) or named.get(clock) or COMMON[clock]


def promised(kind: str) -> timedelta:
    """Within what the first answer is promised; then the coordinator takes over."""
    return ladder("case.accept", kind).promise


def needs_triage(organisation_id: UUID | None) -> bool:
    """Whether a coordinator looks at a request before doctors are asked."""
    return False


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


def _answers(*, substitutes: bool) -> Ladder:
    """Four working hours for the first answer, forty until the request expires."""
    asked = Rung(WARN, _hours(2), (Whom.ASKED,), "case.offered")
    nobody = (Whom.COORDINATOR_A, Whom.REQUESTER)
    return Ladder(
        Calendar.WORKING,
        (
            asked,
            Rung(PROMISE, _hours(4), nobody, "case.substitutes", Act.OFFER_SUBSTITUTES)
            if substitutes
            else Rung(PROMISE, _hours(4), nobody, "case.escalated", Act.ASK_NEXT),
            Rung(2, _hours(5), (Whom.DIRECTOR_A,), "case.escalated"),
            Rung(3, _hours(8), (Whom.REQUESTER,), "case.widened", Act.ASK_NEXT_HOSPITAL),
            Rung(4, _hours(40), act=Act.EXPIRE),
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


def _outcome(day: int) -> Ladder:
    return Ladder(
        Calendar.WALL,
        (
            Rung(PROMISE, timedelta(), (Whom.REQUESTER,), "case.outcome_due"),
            Rung(2, timedelta(days=2), (Whom.REQUESTER,), "case.outcome_due"),
            Rung(3, timedelta(days=5), (Whom.COORDINATOR_Q,), "case.outcome_due"),
            Rung(4, timedelta(days=7), act=Act.LAPSE),
        ),
    )


EMERGENCY: Mapping[str, Ladder] = {
    "case.accept": Ladder(
        Calendar.WALL,
        (
            Rung(
                PROMISE,
                _minutes(5),
                (Whom.REQUESTER, Whom.COORDINATOR_A),
                "case.escalated",
                Act.ASK_NEXT,
            ),
            Rung(2, _minutes(10), (Whom.COORDINATOR_A,), "case.phone"),
            Rung(3, _minutes(15), (Whom.DIRECTOR_A,), "case.phone", Act.ASK_NEXT_HOSPITAL),
            Rung(
                4,
                _minutes(30),
                (Whom.MEDICAL_OFFICE_A, Whom.PREFECTURE, Whom.REQUESTER),
                "case.refer",
            ),
        ),
    ),
    "case.done": _opinion(Calendar.WALL, _hours(2)),
    "case.receipt": _receipt(Calendar.WALL, _hours(2)),
    "case.question": Ladder(
        Calendar.WALL, (Rung(PROMISE, _minutes(5), (Whom.REQUESTER, Whom.COORDINATOR_Q)),)
    ),
}
NAMED: Mapping[str, Ladder] = {"case.accept": _answers(substitutes=True)}
COMMON: Mapping[str, Ladder] = {
    "case.draft": Ladder(
        Calendar.WALL,
        (
            Rung(WARN, timedelta(days=23), (Whom.REQUESTER,), "case.draft_ends"),
            Rung(PROMISE, timedelta(days=30), act=Act.EXPIRE),
        ),
    ),
    "case.triage": Ladder(Calendar.WORKING, (Rung(PROMISE, _minutes(30), act=Act.ROUTE),)),
    "case.accept": _answers(substitutes=False),
    "case.in_room": Ladder(
        Calendar.WALL,
        (
            Rung(
                PROMISE,
                _minutes(10),
                (Whom.COORDINATOR_A, Whom.COORDINATOR_Q),
                "case.nobody_in_room",
            ),
            Rung(2, _minutes(15), (Whom.DIRECTOR_A,), "case.nobody_in_room"),
        ),
    ),
    "case.done": _opinion(Calendar.WORKING, _hours(16)),
    "case.question": Ladder(Calendar.WORKING, (Rung(PROMISE, _hours(24), (Whom.COORDINATOR_Q,)),)),
    "case.consent": Ladder(
        Calendar.WALL,
        (
            Rung(WARN, _hours(12), (Whom.REQUESTER,), "case.consent_due"),
            Rung(PROMISE, _hours(24), (Whom.REQUESTER, Whom.MEDICAL_OFFICE_Q), "case.consent_due"),
        ),
    ),
    "case.receipt": _receipt(Calendar.WORKING, _hours(16)),
    "case.close": Ladder(Calendar.WORKING, (Rung(PROMISE, _hours(8), act=Act.CLOSE),)),
    # From the time agreed: who is not in the room is called, then both look for another time.
    "room.noshow": Ladder(
        Calendar.WALL,
        (
            Rung(WARN, timedelta(), (Whom.REQUESTER, Whom.HOLDER), "case.meet_now"),
            Rung(PROMISE, _minutes(30), act=Act.MISS),
        ),
    ),
    **{outcome_clock(day): _outcome(day) for day in (3, 7, 30)},
}
