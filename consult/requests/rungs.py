"""
The words that the ladders of cases are written in: who is told, in which message, what is done.

workflows.md 1 and 13. A rule of the house (ladder_rules.py) says when each word is reached; what a
word means stands here. A rung's number says what it is: 0 warns, 1 is the promise, later ones
escalate, and END is the last thing that happens, which no rule moves past. A ladder without an end
has AGAIN: everybody on it is told once more, every working day, so that nothing stays open unheard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any

from django.utils.translation import gettext_lazy as _

from telemed.core.models import Calendar

WARN, PROMISE, END, AGAIN = 0, 1, 9, 10
OF_ASKED = (  # the clocks of the side that answers; all others are of the side that asks
    *("case.triage", "case.accept", "case.in_room", "case.done", "case.schedule", "offer.accept"),
)


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


@dataclass(frozen=True)
class Callee:
    """What a word of a ladder means; `label` says it to whoever sets the rule."""

    label: Any
    tell: tuple[Whom, ...] = ()
    template: str = ""
    act: Act | None = None


ASKED, NEXT, HOSPITAL, ABOVE = "asked", "next", "hospital", "above"
COORDINATOR, DIRECTOR, OFFICE, PHONE = "coordinator", "director", "office", "phone"
DOCTOR, BOTH, ABSENT = "doctor", "both", "absent"
Words = Mapping[str, Callee]

ANSWERS: Words = {
    ASKED: Callee(_("the doctors who were asked"), (Whom.ASKED,), "case.offered"),
    NEXT: Callee(
        _("the coordinator there, and whoever asked; the next doctors are asked, too"),
        (Whom.COORDINATOR_A, Whom.REQUESTER),
        "case.escalated",
        Act.ASK_NEXT,
    ),
    DIRECTOR: Callee(_("the director there"), (Whom.DIRECTOR_A,), "case.escalated"),
    HOSPITAL: Callee(_("the next hospital, which is asked, too"), act=Act.ASK_NEXT_HOSPITAL),
    ABOVE: Callee(_("the coordinators of the next level, who look for somebody"), act=Act.PASS_UP),
}
# Who wanted one doctor chooses whether another may answer.
NAMED: Words = {
    **ANSWERS,
    NEXT: replace(ANSWERS[NEXT], template="case.substitutes", act=Act.OFFER_SUBSTITUTES),
}
CALLS: Words = {
    NEXT: Callee(
        _("whoever asked, and the coordinator there; the next doctors are asked, too"),
        (Whom.REQUESTER, Whom.COORDINATOR_A),
        "case.escalated",
        Act.ASK_NEXT,
    ),
    PHONE: Callee(_("the coordinator there, by phone"), (Whom.COORDINATOR_A,), "case.phone"),
    DIRECTOR: Callee(
        _("the director there; the next hospital is asked, too"),
        (Whom.DIRECTOR_A,),
        "case.phone",
        Act.ASK_NEXT_HOSPITAL,
    ),
    ABOVE: Callee(
        _("the medical office there, the prefecture, and whoever asked"),
        (Whom.MEDICAL_OFFICE_A, Whom.PREFECTURE, Whom.REQUESTER),
        "case.refer",
        Act.PASS_UP,
    ),
}
INVITATIONS: Words = {
    ASKED: Callee(_("the doctor who was invited"), (Whom.INVITED,)),
    COORDINATOR: Callee(_("the coordinator there"), (Whom.COORDINATOR_A,), "case.replace"),
    DIRECTOR: Callee(_("the director there"), (Whom.DIRECTOR_A,), "case.replace"),
}
MEETINGS: Words = {
    COORDINATOR: Callee(_("the coordinator there"), (Whom.COORDINATOR_A,), "case.unscheduled"),
    DIRECTOR: Callee(_("the director there"), (Whom.DIRECTOR_A,), "case.unscheduled"),
}
IN_ROOM: Words = {
    BOTH: Callee(
        _("the coordinators of both sides"),
        (Whom.COORDINATOR_A, Whom.COORDINATOR_Q),
        "case.nobody_in_room",
    ),
    DIRECTOR: Callee(_("the director there"), (Whom.DIRECTOR_A,), "case.nobody_in_room"),
}
OPINIONS: Words = {
    DOCTOR: Callee(_("the doctor who accepted"), (Whom.HOLDER,)),
    COORDINATOR: Callee(
        _("the doctor who accepted, and the coordinator there"),
        (Whom.HOLDER, Whom.COORDINATOR_A),
        "case.late",
    ),
    DIRECTOR: Callee(_("the director there"), (Whom.DIRECTOR_A,), "case.late"),
    OFFICE: Callee(_("the medical office there"), (Whom.MEDICAL_OFFICE_A,), "case.late"),
}
QUESTIONS: Words = {
    COORDINATOR: Callee(_("the coordinator of the asking side"), (Whom.COORDINATOR_Q,)),
    BOTH: Callee(
        _("whoever asked for the consult, and the coordinator there"),
        (Whom.REQUESTER, Whom.COORDINATOR_Q),
    ),
}
CONSENTS: Words = {
    DOCTOR: Callee(_("whoever asked for the consult"), (Whom.REQUESTER,), "case.consent_due"),
    OFFICE: Callee(
        _("whoever asked for the consult, and the medical office there"),
        (Whom.REQUESTER, Whom.MEDICAL_OFFICE_Q),
        "case.consent_due",
    ),
}
RECEIPTS: Words = {
    DOCTOR: Callee(_("whoever asked for the consult"), (Whom.REQUESTER,), "case.receipt_due"),
    COORDINATOR: Callee(
        _("whoever asked for the consult, and the coordinator there"),
        (Whom.REQUESTER, Whom.COORDINATOR_Q),
        "case.receipt_due",
    ),
    OFFICE: Callee(
        _("the medical office of the asking side"), (Whom.MEDICAL_OFFICE_Q,), "case.receipt_due"
    ),
}
OUTCOMES: Words = {
    DOCTOR: Callee(_("whoever asked for the consult"), (Whom.REQUESTER,), "case.outcome_due"),
    COORDINATOR: Callee(
        _("the coordinator of the asking side"), (Whom.COORDINATOR_Q,), "case.outcome_due"
    ),
}
NO_SHOWS: Words = {ABSENT: Callee(_("who is not there"), (Whom.ABSENT,), "case.awaited")}
