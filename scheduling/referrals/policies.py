"""
The clocks of a referral and the rungs of their ladders, answered here alone (workflows.md 7, 13).

A rung's number says what it is: 0 warns, 1 is the promise, later ones escalate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, NamedTuple
from uuid import UUID

from scheduling.referrals import rules
from scheduling.referrals.models import Referral
from telemed.core import policies as house
from telemed.core.models import Calendar

ACCEPT, QUESTION, ARRIVE = "referral.accept", "referral.question", "referral.arrive"
HAND_BACK, PLAN = "referral.handback", "referral.plan"
CLOCKS = (ACCEPT, QUESTION, ARRIVE, HAND_BACK, PLAN)
WARN, PROMISE = 0, 1
END = 4  # of the first answer: one that is not urgent has run out
REASON, LONGEST_REASON = 5, 500  # characters of a reason in words


class Whom(StrEnum):
    """Who hears of a rung; (q) the sending side, (a) the receiving one."""

    SENDER = auto()
    COORDINATOR_Q = auto()
    FAMILY_DOCTOR = auto()  # with whom the patient is signed, at whichever clinic
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


class Said(NamedTuple):
    """What a word of a ladder means: who hears it, how, and what is done besides."""

    tell: tuple[Whom, ...]
    template: str
    act: Act | None = None


def ladder(clock: str, referral: Referral, at: datetime | None = None) -> Ladder:
    """
    The rungs of one clock, by the rules of the institution that must act. `at`: of that moment, for
    one that runs already.
    """

    def rule(name: str, side: UUID) -> Any:
        return house.value(name, side, at)

    receiving, sending = referral.organisation_id, referral.sending_id
    match clock:
        case "referral.accept":
            promise = rule(rules.URGENT if referral.is_urgent else rules.ACCEPT, receiving)
            words = CLINIC_ANSWERS if referral.is_down else ANSWERS
            steps = _steps(rule(rules.ACCEPT_LADDER, receiving), promise, words)
            return _timed(steps, promise, urgent=referral.is_urgent)
        case "referral.question":
            return _asked(rule(rules.QUESTION, sending))
        case "referral.arrive":
            # On the road there is no grace: what a green patient is expected by was the limit.
            after = timedelta() if referral.is_green else rule(rules.ARRIVE, receiving)
            return Ladder(Calendar.WALL, (Rung(PROMISE, after, act=Act.MISS),))
        case "referral.handback":
            length, by, calendar = rules.HAND_BACK, rules.HAND_BACK_LADDER, Calendar.WALL
            if referral.discharged_at:  # at home without a plan: days of work, not weeks
                length, by, calendar = rules.DISCHARGED, rules.DISCHARGED_LADDER, Calendar.WORKING
            steps = _steps(rule(by, receiving), rule(length, receiving), HAND_BACKS)
            return Ladder(calendar, steps)
        case _:
            return _plans(rule(rules.PLAN, receiving if referral.is_down else sending), referral)


def on_the_way(hospital: UUID) -> timedelta:
    """How long a green patient may take there."""
    found: timedelta = house.value(rules.GREEN, hospital)
    return found


def _steps(
    ladder: tuple[house.Rung, ...], promise: timedelta, words: Mapping[str, Said]
) -> tuple[Rung, ...]:
    """What the word of each step means; the first one only reminds."""
    return tuple(
        Rung(n, step.after(promise), words[step.call].tell)
        if n == WARN
        else Rung(n, step.after(promise), *words[step.call])
        for n, step in enumerate(ladder)
    )


def _timed(rungs: tuple[Rung, ...], promise: timedelta, *, urgent: bool) -> Ladder:
    """Ten times as long until a routine one expires; an urgent one is ended by a person."""
    if urgent:
        return Ladder(Calendar.WALL, rungs)
    end = Rung(END, rules.EXPIRES * promise, act=Act.EXPIRE)
    return Ladder(Calendar.WORKING, (*rungs, end))


def _asked(promise: timedelta) -> Ladder:
    return Ladder(
        Calendar.WORKING,
        (
            Rung(WARN, promise / 2, (Whom.SENDER,)),
            Rung(PROMISE, promise, (Whom.COORDINATOR_Q,)),
        ),
    )


def _plans(promise: timedelta, referral: Referral) -> Ladder:
    """
    The sender takes it, or the family doctor; a clinic whose doctor does not has a coordinator who
    can. Where the plan came along with the patient, it waits for the clinic.
    """
    owners: tuple[Whom, ...] = (Whom.SENDER, Whom.FAMILY_DOCTOR)
    above, template = Whom.COORDINATOR_Q, "referral.plan_waits"
    if referral.is_down:
        owners, above, template = (Whom.DOCTOR_A,), Whom.HEAD_A, "referral.plan_here"
    return Ladder(
        Calendar.WORKING,
        (
            Rung(WARN, promise / 2, owners, template),
            Rung(PROMISE, promise, (*owners, above), template),
        ),
    )


UNANSWERED, MISSING = "referral.unanswered", "referral.no_handback"
ANSWERS = {
    rules.ASKED: Said((Whom.ASKED,), UNANSWERED),
    rules.DIRECTOR: Said((Whom.DIRECTOR_A, Whom.SENDER), UNANSWERED),
    rules.NEXT: Said((Whom.SENDER,), "referral.widened", Act.ASK_NEXT),
    rules.COUNTY: Said((Whom.SENDER, Whom.COUNTY), UNANSWERED),
    rules.PREFECTURE: Said((Whom.PREFECTURE,), UNANSWERED),
}
# Nobody else is asked: where somebody lives, there is one clinic.
CLINIC_ANSWERS = ANSWERS | {
    rules.DIRECTOR: Said((Whom.HEAD_A, Whom.SENDER), UNANSWERED),
    rules.NEXT: ANSWERS[rules.COUNTY],
}
HAND_BACKS = {
    rules.DOCTOR: Said((Whom.DOCTOR_A,), MISSING),
    rules.SENDER: Said((Whom.DOCTOR_A, Whom.SENDER), MISSING),
    rules.DIRECTOR: Said((Whom.DIRECTOR_A,), MISSING),
    rules.MEDICAL_OFFICE: Said((Whom.MEDICAL_OFFICE_A,), MISSING),
    rules.COUNTY: Said((Whom.COUNTY,), MISSING),
}
