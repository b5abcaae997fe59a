"""
The clocks of a referral and the rungs of their ladders, answered here alone (workflows.md 7, 13).

A rung's number says what it is: 0 warns, 1 is the promise, later ones escalate.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from scheduling.referrals import rules
from scheduling.referrals.models import Referral
from telemed.core import policies as house
from telemed.core.models import Calendar

ACCEPT, QUESTION, ARRIVE = "referral.accept", "referral.question", "referral.arrive"
HAND_BACK, PLAN = "referral.handback", "referral.plan"
CLOCKS = (ACCEPT, QUESTION, ARRIVE, HAND_BACK, PLAN)
WARN, PROMISE = 0, 1
REASON, LONGEST_REASON = 5, 500  # characters of a reason in words
WAITED_FOR = timedelta(hours=2)  # after the time
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORKING_DAY = 8 * HOUR


class Whom(StrEnum):
    """Who hears of a rung; (q) the sending side, (a) the receiving one."""

    SENDER = auto()
    COORDINATOR_Q = auto()
    ASKED = auto()  # the coordinators of whoever has not answered yet
    DOCTOR_A = auto()
    DIRECTOR_A = auto()
    HEAD_A = auto()  # of a clinic
    MEDICAL_OFFICE_A = auto()
    COUNTY = auto()  # the coordinators of the county's health authority
    PREFECTURE = auto()


class Act(StrEnum):
    """What a rung does besides telling."""

    ASK_NEXT = auto()  # the next hospital is asked, too
    EXPIRE = auto()
    MISS = auto()


@dataclass(frozen=True)
class Rung:
    number: int
    after: timedelta
    tell: tuple[Whom, ...] = ()
    template: str = ""
    act: Act | None = None


@dataclass(frozen=True)
class Ladder:
    calendar: Calendar
    rungs: tuple[Rung, ...]

    def rung(self, number: int) -> Rung | None:
        return next((rung for rung in self.rungs if rung.number == number), None)


def ladder(clock: str, referral: Referral) -> Ladder:
    """The rungs of one clock, by the lengths of the institution that must act."""
    receiving = referral.organisation_id
    match clock:
        case "referral.accept":
            rule = rules.URGENT if referral.is_urgent else rules.ACCEPT
            promise = house.value(rule, receiving)
            answers = _clinic_answers(promise) if referral.is_down else _answers(promise)
            return _timed(answers, promise, urgent=referral.is_urgent)
        case "referral.question":
            return QUESTIONS
        case "referral.arrive":
            return ARRIVALS
        case "referral.handback":
            if referral.discharged_at:
                return _after_discharge(house.value(rules.DISCHARGED, receiving))
            return _hand_back(house.value(rules.HAND_BACK, receiving))
        case _:
            return CLINIC_PLANS if referral.is_down else PLANS


def _answers(promise: timedelta) -> tuple[Rung, ...]:
    return (
        Rung(WARN, promise / 2, (Whom.ASKED,)),
        Rung(PROMISE, promise, (Whom.DIRECTOR_A, Whom.SENDER), "referral.unanswered"),
        Rung(2, 2 * promise, (Whom.SENDER,), "referral.widened", Act.ASK_NEXT),
        Rung(3, 3 * promise, (Whom.PREFECTURE,), "referral.unanswered"),
    )


def _clinic_answers(promise: timedelta) -> tuple[Rung, ...]:
    """Nobody else is asked: where somebody lives, there is one clinic."""
    return (
        Rung(WARN, promise / 2, (Whom.ASKED,)),
        Rung(PROMISE, promise, (Whom.HEAD_A, Whom.SENDER), "referral.unanswered"),
        Rung(2, 2 * promise, (Whom.SENDER, Whom.COUNTY), "referral.unanswered"),
        Rung(3, 3 * promise, (Whom.PREFECTURE,), "referral.unanswered"),
    )


def _timed(rungs: tuple[Rung, ...], promise: timedelta, *, urgent: bool) -> Ladder:
    """Ten times as long until a routine one expires; an urgent one is ended by a person."""
    if urgent:
        return Ladder(Calendar.WALL, rungs)
    return Ladder(Calendar.WORKING, (*rungs, Rung(4, 10 * promise, act=Act.EXPIRE)))


def _hand_back(promise: timedelta) -> Ladder:
    """A doctor may forget; the institution may not."""
    missing = "referral.no_handback"
    return Ladder(
        Calendar.WALL,
        (
            Rung(WARN, promise * 3 / 4, (Whom.DOCTOR_A,)),
            Rung(PROMISE, promise, (Whom.DOCTOR_A, Whom.SENDER), missing),
            Rung(2, promise + DAY, (Whom.DIRECTOR_A,), missing),
            Rung(3, promise + 3 * DAY, (Whom.MEDICAL_OFFICE_A,), missing),
            Rung(4, promise + 7 * DAY, (Whom.COUNTY,), missing),
        ),
    )


def _after_discharge(promise: timedelta) -> Ladder:
    """Out of the hospital, the patient is at home without a plan: days of work, not weeks."""
    missing = "referral.no_handback"
    return Ladder(
        Calendar.WORKING,
        (
            Rung(WARN, promise / 2, (Whom.DOCTOR_A,)),
            Rung(PROMISE, promise, (Whom.DOCTOR_A, Whom.SENDER), missing),
            Rung(2, promise + WORKING_DAY, (Whom.DIRECTOR_A,), missing),
            Rung(3, promise + 3 * WORKING_DAY, (Whom.MEDICAL_OFFICE_A,), missing),
            Rung(4, promise + 7 * WORKING_DAY, (Whom.COUNTY,), missing),
        ),
    )


QUESTIONS = Ladder(
    Calendar.WORKING,
    (Rung(WARN, 12 * HOUR, (Whom.SENDER,)), Rung(PROMISE, 24 * HOUR, (Whom.COORDINATOR_Q,))),
)
ARRIVALS = Ladder(Calendar.WALL, (Rung(PROMISE, WAITED_FOR, act=Act.MISS),))
# Three working days; a clinic whose doctor does not take it has a coordinator who can.
PLANS = Ladder(
    Calendar.WORKING,
    (
        Rung(WARN, 12 * HOUR, (Whom.SENDER,), "referral.plan_waits"),
        Rung(PROMISE, 24 * HOUR, (Whom.SENDER, Whom.COORDINATOR_Q), "referral.plan_waits"),
    ),
)
# The same where the plan came along with the patient: it waits for the clinic.
CLINIC_PLANS = Ladder(
    Calendar.WORKING,
    (
        Rung(WARN, 12 * HOUR, (Whom.DOCTOR_A,), "referral.plan_here"),
        Rung(PROMISE, 24 * HOUR, (Whom.DOCTOR_A, Whom.HEAD_A), "referral.plan_here"),
    ),
)
