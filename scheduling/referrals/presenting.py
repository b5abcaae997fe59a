"""What the pages of referrals show, put together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.availability.models import Period
from scheduling.availability.queries import open_periods
from scheduling.referrals import permissions, queries, words
from scheduling.referrals.models import (
    THERE,
    Agreed,
    Answer,
    Purpose,
    Referral,
    Relation,
    Round,
    Status,
    Urgency,
)
from scheduling.referrals.queries import Choice
from scheduling.referrals.services.answering import POOLS
from scheduling.referrals.services.undoing import is_fresh, is_seen, sent_at
from telemed.core import moments
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import Role, User

SHOWN = 4  # periods that an answer offers besides the one that is kept
LIKELY = 6  # departments that the form lays out; the others are in a list
BLANK_ROWS = 3  # of a plan


@dataclass(frozen=True)
class Row:
    """One referral on a list, as one account sees it."""

    referral: Referral
    other: str  # the institution on the other side
    state: str
    named: bool
    late: bool  # its time is up: red
    mine: bool  # this account has to do the next thing


@dataclass(frozen=True)
class Stage:
    name: str
    done: bool
    current: bool


def row(actor: User, referral: Referral) -> Row:
    sends, there = referral.sending_id == actor.organisation_id, referral.organisation.name
    return Row(
        referral=referral,
        other=there if sends or _came_home(actor, referral, sends) else referral.sending.name,
        state=words.state_words(referral),
        named=actor.role in (Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.DESK) or not sends,
        late=_is_late(referral),
        mine=_is_mine(actor, referral, sends),
    )


def _came_home(actor: User, referral: Referral, sends: bool) -> bool:
    """Another clinic sent the patient, whose family doctor this account's team is."""
    back = referral.status in (Status.HANDED_BACK, Status.CLOSED) and not referral.is_down
    return back and not sends and actor.role == Role.TOWNSHIP_DOCTOR


def _is_late(referral: Referral) -> bool:
    """Overdue, not there, or there for longer than was promised."""
    if referral.status == Status.NOT_ARRIVED:
        return True
    waits = referral.status in [*THERE, Status.SENT, Status.HANDED_BACK] and not referral.asks
    return waits and (referral.due_at is None or referral.due_at <= moments.now())


def _is_mine(actor: User, referral: Referral, sends: bool) -> bool:
    if _came_home(actor, referral, sends):
        return referral.status == Status.HANDED_BACK
    if sends:
        theirs = [Status.DECLINED, Status.NOT_ARRIVED, Status.HANDED_BACK]
        return referral.status in theirs or referral.asks
    if actor.role in (Role.SPECIALIST, Role.TOWNSHIP_DOCTOR):
        return referral.status in [Status.SENT, *THERE] and not referral.asks
    return referral.status == Status.SENT and not referral.asks


def board(actor: User) -> dict[str, Any]:
    """What waits for this account, what others have, and what is left to do for those back."""
    rows = [row(actor, one) for one in queries.board_of(actor)]
    return {
        "mine": [one for one in rows if one.mine],
        "others": [one for one in rows if not one.mine],
        "items": queries.open_items(actor),
        "today": timezone.localdate(),
        "late": queries.late_hand_backs(actor),
        "sends": actor.role == Role.TOWNSHIP_DOCTOR,
    }


def form(
    sending: Organisation,
    patient: Patient,
    *,
    specialty: str = "",
    signed: bool = False,
    first: UUID | None = None,
    **prefilled: str,
) -> dict[str, Any]:
    """
    The form by which somebody is referred, filled with what is known; `first`: the hospital that
    knows the patient already.
    """
    choices = queries.choices_for(sending, specialty)
    if first:
        fits = {one: one.department.specialty == specialty for one in choices}
        choices.sort(key=lambda one: (not fits[one], one.organisation.pk != first))
    return {
        "patient": patient,
        "likely": choices[:LIKELY],
        "further": choices[LIKELY:],
        "urgencies": [one for one in Urgency.choices if one[0] != Urgency.GREEN],
        "relations": Relation.choices,
        "signed": signed,
        "agreed_default": Agreed.SIGNED if signed else Agreed.TOLD,
        "specialty": specialty,
        "specialties": Specialty.choices,
        "prefilled": prefilled,
    }


def form_down(hospital: Organisation, patient: Patient) -> dict[str, Any]:
    """The form by which a hospital sends somebody down to a clinic."""
    choices = queries.choices_below(hospital, patient)
    return {
        "patient": patient,
        "likely": choices[:LIKELY],
        "further": choices[LIKELY:],
        "family": queries.family_clinic(patient),
        "purposes": Purpose.choices,
        "urgencies": [one for one in Urgency.choices if one[0] != Urgency.GREEN],
        "relations": Relation.choices,
        "blank_rows": range(BLANK_ROWS),
        "today": timezone.localdate(),
        "doors": "referrals:send_down",
        "down": True,
        "agreed_default": Agreed.TOLD,
    }


def page(actor: User, referral: Referral, clinical: bool) -> dict[str, Any]:
    """Everything on the page of one referral; what may be done now stands first."""
    rounds = queries.open_rounds(referral)
    asked = [
        one
        for one in rounds
        if one.status == Round.Status.ASKED and permissions.may_answer(actor, one)
    ]
    mine = asked[0] if asked else None
    question = queries.open_question(referral)
    referral.asks = question is not None
    sends = permissions.is_sending(actor, referral)
    treats = permissions.treats(actor, referral)
    state = referral.status
    return {
        "referral": referral,
        "row": row(actor, referral),
        "clinical": clinical,
        "stages": _stages(referral),
        "steps": [(step, words.step_words(step)) for step in queries.time_line(referral)],
        "kept": mine.period if mine else None,
        "free": _free(mine) if mine else [],
        "question": question,
        "questions": referral.questions.select_related("asked_by", "answered_by").order_by("pk"),
        "may_answer": mine is not None and state == Status.SENT,
        "may_ask": mine is not None and state == Status.SENT and question is None,
        "may_reply": sends and question is not None,
        "may_cancel": permissions.may_cancel(actor, referral)
        and state in (Status.SENT, Status.ACCEPTED, Status.DECLINED, Status.NOT_ARRIVED),
        "may_undo_send": sends
        and state == Status.SENT
        and is_fresh(sent_at(referral))
        and not is_seen(referral),
        "may_undo_accept": permissions.may_undo_accept(actor, referral)
        and state == Status.ACCEPTED
        and not referral.is_green,
        "may_send_on": sends and state == Status.DECLINED,
        "choices": _further(referral) if sends and state == Status.DECLINED else [],
        "refused_round": _last_refusal(referral),
        "may_arrive": (permissions.checks_in(actor, referral) or treats)
        and state in (Status.ACCEPTED, Status.NOT_ARRIVED)
        and not (referral.appointment and referral.appointment.is_coming),
        "may_answer_missed": permissions.may_answer_missed(actor, referral)
        and state == Status.NOT_ARRIVED,
        "answers": Answer.choices,
        "may_begin": treats and state == Status.ARRIVED and not referral.is_down,
        "may_discharge": permissions.may_discharge(actor, referral)
        and state in THERE
        and not referral.is_down
        and referral.discharged_at is None,
        "may_hand_back": treats and state in THERE and not referral.is_down,
        "blank_rows": range(BLANK_ROWS),
        "may_take_plan": permissions.may_take_plan(actor, referral)
        and referral.can_become(Status.CLOSED),
        "may_finish": permissions.may_take_plan(actor, referral) and state == Status.CLOSED,
        "plan": referral.plan.select_related("done_by").order_by("due_on", "pk")
        if permissions.may_read_plan(referral)
        else [],
        "today": timezone.localdate(),
        "soon": _soon(),
        "visit": referral.appointment,
    }


def _stages(referral: Referral) -> list[Stage]:
    at = words.stage_of(referral)
    stages = words.stages_of(referral)
    return [
        Stage(str(Status(one).label), done=n < at or at == len(stages) - 1, current=n == at)
        for n, one in enumerate(stages)
    ]


def _free(mine: Round) -> list[Period]:
    """What could be given instead of the place that is kept, the soonest first."""
    found = open_periods(POOLS).filter(department=mine.department_id)
    others = found.exclude(pk=mine.period_id) if mine.period_id else found
    return list(others.select_related("clinician")[:SHOWN])


def _further(referral: Referral) -> list[Choice]:
    """Where else: the same specialty first, without those that were asked."""
    asked = list(referral.rounds.values_list("organisation", flat=True))
    if referral.is_down:
        return queries.choices_below(referral.sending, referral.patient, without=asked)[:12]
    return queries.choices_for(referral.sending, referral.department.specialty, without=asked)[:12]


def _last_refusal(referral: Referral) -> Round | None:
    rows = referral.rounds.filter(status=Round.Status.DECLINED)
    return rows.select_related("organisation", "answered_by").order_by("-number").first()


def _soon() -> datetime:
    """The next full hour: what a field of a time begins with."""
    now = timezone.localtime(moments.now())
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
