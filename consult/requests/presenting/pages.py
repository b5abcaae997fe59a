"""The page of one case: where it stands, what this person may do now, and what happened."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions, queries, roomport, rules, words
from consult.requests.models import (
    ANSWERED,
    ENDED,
    HELD,
    OPEN,
    OVER,
    TAKING_IMAGES,
    UNANSWERED,
    Case,
    Grade,
    Kind,
    Meeting,
    Offer,
    Outcome,
    Question,
    Receipt,
    Side,
    Status,
    WantedTime,
    yuan,
)
from consult.requests.policies import UNDO_CANCEL, ladder, outcome_due, promised
from consult.requests.presenting.asking import signers
from consult.requests.presenting.joint import team
from consult.requests.presenting.thread import thread
from consult.requests.services.answering import asked_first_at, waits_in_vain
from consult.requests.services.consenting import fee_of
from consult.requests.services.coordinating import is_late
from consult.requests.services.finishing import asks_to_close, incomplete
from consult.requests.services.undoing import is_fresh, is_seen
from consult.requests.words import FIELD_NAMES
from records.imaging.queries import arriving_for
from records.mpi.low_incomes import is_exempt
from telemed.core import policies as house
from telemed.core.models import Clock
from telemed.notifications import tracing
from telemed.people.licences import is_village_doctor
from telemed.people.models import Role, User
from telemed.rota.queries import duty_phone

RESULTS = [c for c in Outcome.Result.choices if c[0] != Outcome.Result.UNKNOWN]
TOLD = 8  # messages that the page shows
ORDER = (Status.SUBMITTED, Status.ACCEPTED, Status.IN_PROGRESS, Status.SIGNED, Status.CLOSED)


def page(actor: User, case: Case) -> dict[str, Any]:
    """All that the page shows, for who may know of the case."""
    may = acts(actor, case)
    clinical = may["clinical"]
    return {
        "case": case,
        **may,
        "steps": steps_of(case),
        "line": [(step, words.step_words(step)) for step in queries.time_line(case)],
        "offers": list(
            case.offers.select_related("doctor__practitioner", "organisation").order_by("pk")
        ),
        **arriving(actor, case),
        "questions": _questions(actor, case, clinical),
        "meeting": _meeting(actor, case),
        "outcomes": _outcomes(actor, case),
        "studies": list(case.studies.all()) if clinical else [],
        "receipts": list(case.receipts.told_apart().select_related("given_by").order_by("-pk")),
        "told": _told(case) if may["asks"] or may["coordinates"] else [],
        "ring": _number_to_ring(case) if may["asks"] else "",
        **_thread(actor, case, may),
        "team": team(case, coordinates=may["coordinates"]),
        **_who_may_answer(case, may),
        **_consent(case, due=may["may_complete"] and case.consent_is_due),
        **_choices(case),
    }


def _thread(actor: User, case: Case, may: dict[str, Any]) -> dict[str, Any]:
    """What both sides wrote, how much that is, and the cases before and after this one."""
    return {
        "thread": thread(actor, case, clinical=may["clinical"], seated=may["seat"] is not None),
        "message_count": case.messages.count(),
        "replaced": queries.find_replaced(actor, case),
        "replaced_by": queries.replaced_by(actor, case),
    }


def _consent(case: Case, *, due: bool) -> dict[str, Any]:
    """Who may sign what is still due, and the fee that is explained before."""
    if not due:
        return {
            "signers": [],
            "fee": 0,
            "fee_said": "",
            "consent_within": "",
            "pays_nothing": False,
        }
    fee = fee_of(case) or 0
    began = Clock.objects.filter(about=case.pk, kind=rules.CONSENT).order_by("-turn").first()
    return {
        "signers": signers(case.patient),
        "consent_within": house.said(
            rules.CONSENT, case.asking_id, began.created_at if began else None
        ),
        "fee": fee,
        "fee_said": yuan(fee),
        "pays_nothing": is_exempt(case.patient, timezone.localdate()),
    }


def arriving(actor: User, case: Case) -> dict[str, Any]:
    """How far the images are that are coming, and whether this account may send more."""
    takes = case.status in TAKING_IMAGES
    waits = takes or case.status in ANSWERED
    taken = list(case.studies.values_list("pk", flat=True)) if waits else []
    return {
        "arriving": arriving_for(case.pk, taken) if waits else None,
        "arrives": waits,
        "may_send_images": takes and permissions.is_asking(actor, case),
    }


def _told(case: Case) -> list[tracing.Told]:
    """
    How the newest messages about the case went, newest first, for who waits for an answer. Those of
    other slices stay out: an opinion that is not signed is nothing to be heard of outside.
    """
    return tracing.deliveries_of(case.pk, begins="case.")[: -TOLD - 1 : -1]


def _number_to_ring(case: Case) -> str:
    """Whom a doctor rings who can't wait for the page: who is on duty there, else the hospital."""
    if case.status not in UNANSWERED or not (case.is_emergency or is_late(case)):
        return ""
    return duty_phone(case.addressee, case.specialty)


def _who_may_answer(case: Case, may: dict[str, Any]) -> dict[str, Any]:
    """The asked hospital's doctors, and whether any of them can be asked now."""
    candidates = queries.candidates_of(case) if _picks(may) else []
    return {"candidates": candidates, "fit": any(not one.why_not for one in candidates)}


def _picks(may: dict[str, Any]) -> bool:
    return bool(may["may_assign"] or may["may_hand_over"] or may["may_substitute"])


def _choices(case: Case) -> dict[str, Any]:
    """The values that the forms of the page offer."""
    no_answer = {Offer.Decline.NO_ANSWER}
    return {
        "decisions": Receipt.Decision.choices,
        "decline_codes": [c for c in Offer.Decline.choices if c[0] not in no_answer],
        "askable": [
            (name, _("Images") if name == "studies" else _(FIELD_NAMES[name]))
            for name in Question.ASKABLE
        ],
        "results": RESULTS,
        "wanted_times": WantedTime.choices,
        "incomplete": incomplete(case) if case.status in ANSWERED else "",
        "other_mode": Case.Mode.LIVE if case.mode == Case.Mode.OFFLINE else Case.Mode.OFFLINE,
    }


def acts(actor: User, case: Case) -> dict[str, Any]:
    """What this account may do on the case page now."""
    offer = queries.find_offer(actor, case) if actor.role == Role.SPECIALIST else None
    takes_over = bool(offer and offer.takes_over_id and case.status in (*UNANSWERED, *HELD))
    waiting = offer is not None and offer.status in Offer.WAITING
    in_vain = waiting and waits_in_vain(actor, case)
    seat = queries.find_seat(actor, case) if actor.role == Role.SPECIALIST else None
    seated = seat is not None and seat.status == Offer.Status.ACCEPTED
    to_join = case.is_joint and case.status in HELD
    asks = permissions.is_asking(actor, case)
    receipt_due = permissions.may_receipt(actor, case) and not _has_receipt(case)
    closes = asks_to_close(case)
    along = actor.role == Role.SPECIALIST and queries.writes_along(actor, case)
    return {
        "along": along,
        "offer": offer,
        "asks": asks,
        "coordinates": permissions.coordinates(actor, case),
        "seat": seat,
        "may_answer": waiting and (case.status in UNANSWERED or takes_over or to_join),
        "may_decline_unanswered": in_vain,
        "decline_after": _declines_after(actor, case) if in_vain else "",
        "takes_over": takes_over,
        "may_take_back": _may_take_back(actor, case, offer),
        "may_convene": permissions.may_convene(actor, case) and not _is_convened(case),
        "may_assign": permissions.may_assign(actor, case),
        "may_substitute": asks and case.kind == Kind.NAMED and _is_late(case),
        "may_ask": permissions.may_ask(actor, case, offered=offer is not None),
        "may_hand_over": permissions.may_hand_over(actor, case),
        "may_return": permissions.may_return(actor, case, seated=seated),
        "may_schedule": permissions.may_schedule(actor, case) and case.mode == Case.Mode.LIVE,
        "may_switch_mode": permissions.may_switch_mode(actor, case),
        "may_regrade": permissions.may_regrade(actor, case),
        "grades_to_choose": _other_grades(case),
        "may_unsend": asks and case.status in UNANSWERED and is_fresh(case) and not is_seen(case),
        "may_cancel": permissions.may_cancel(actor, case),
        "may_cancel_duplicate": permissions.may_cancel_duplicate(actor, case),
        "may_uncancel": _may_uncancel(actor, case),
        "may_receipt": receipt_due and not is_village_doctor(actor),
        "may_change_receipt": permissions.may_change_receipt(actor, case)
        and not is_village_doctor(actor),
        "for_a_doctor": receipt_due and is_village_doctor(actor),
        "closes_with_room": closes and roomport.is_live(case.pk),
        "closes_by_itself": closes,
        "receipt_closes": case.status == Status.SIGNED,
        "not_present": queries.why_not_present(actor, case)
        if receipt_due or (asks and case.status in OPEN)
        else "",
        "may_close": permissions.may_close(actor, case),
        "may_complete": asks and case.status in (*UNANSWERED, *HELD, *ANSWERED),
        "may_meet": permissions.may_meet(actor, case, seated=seated)
        and case.status in HELD
        and case.mode == Case.Mode.LIVE,
        "may_wait_inside": permissions.may_wait_inside(actor, case),
        "is_holder": permissions.is_holder(actor, case),
        "clinical": permissions.may_read_clinical(
            actor, case, offered=bool(offer or seat or along)
        ),
        "late": case.status in UNANSWERED and not case.is_joint and _is_late(case),
    }


def _declines_after(actor: User, case: Case) -> str:
    return house.said(rules.UNANSWERED, at=asked_first_at(actor, case))


def _other_grades(case: Case) -> list[tuple[str, Any]]:
    """What it can become, the most urgent first; a joint consult is no emergency."""
    never = {case.grade, Grade.EMERGENCY} if case.is_joint else {case.grade}
    return [(value, label) for value, label in Grade.choices if value not in never]


def _is_convened(case: Case) -> bool:
    """Whether the invitations to a joint consult are out."""
    return case.is_joint and case.offers.filter(status__in=Offer.LIVE).exists()


def _is_late(case: Case) -> bool:
    return case.status in UNANSWERED and is_late(case)


def _has_receipt(case: Case) -> bool:
    return case.receipts.filter(opinion_version=case.opinion_version).exists()


def _may_take_back(actor: User, case: Case, offer: Offer | None) -> bool:
    """Who declined may still accept while nobody holds it."""
    if offer or actor.role != Role.SPECIALIST or case.status not in UNANSWERED:
        return False
    return case.offers.filter(doctor=actor, status=Offer.Status.DECLINED).exists()


def _may_uncancel(actor: User, case: Case) -> bool:
    if case.status != Status.CANCELLED or case.cancelled_at is None:
        return False
    step = case.steps.filter(action="case.cancel").order_by("-at").first()
    mine = step is not None and step.actor_id == actor.pk and step.from_status != Status.DRAFT
    return mine and timezone.now() - case.cancelled_at <= UNDO_CANCEL


def _questions(actor: User, case: Case, clinical: bool) -> list[dict[str, Any]]:
    """Each question with what it opens, newest first; who reads no text sees only their own."""
    asks = permissions.is_asking(actor, case)
    rows = case.questions.select_related("asked_by", "answered_by").order_by("-created_at")
    if not clinical:
        rows = rows.filter(asked_by=actor)
    return [
        {
            "question": one,
            "answer": one.answer if clinical else "",
            "fields": [_field(case, name) for name in one.fields],
            "open": one.status == Question.Status.OPEN,
            "to_answer": asks and one.status == Question.Status.OPEN,
            "to_withdraw": one.asked_by_id == actor.pk and one.status == Question.Status.OPEN,
        }
        for one in rows
    ]


def _field(case: Case, name: str) -> dict[str, Any]:
    label = _("Images") if name == "studies" else _(FIELD_NAMES[name])
    value = "" if name == "studies" else getattr(case, name)
    return {"name": name, "label": label, "value": value}


def _meeting(actor: User, case: Case) -> dict[str, Any] | None:
    """The time that is agreed or proposed, and whether it is this person's to agree to."""
    live = case.meetings.filter(status__in=[Meeting.Status.BOOKED, Meeting.Status.PROPOSED])
    meetings = {m.status: m for m in live.select_related("proposed_by")}
    if not meetings:
        return None
    proposed = meetings.get(Meeting.Status.PROPOSED)
    side = permissions.side_of(actor, case)
    return {
        "booked": meetings.get(Meeting.Status.BOOKED),
        "proposed": proposed,
        "may_agree": bool(
            proposed and side and Side(proposed.side) != side and not proposed.agreed_by_id
        ),
    }


def _outcomes(actor: User, case: Case) -> list[dict[str, Any]]:
    """The three days: what was told, and which of them can be told now."""
    if case.status not in (*ANSWERED, *OVER):
        return []
    signed_at = queries.opinion_signed_at(case)
    if signed_at is None:
        return []
    told = {outcome.day: outcome for outcome in case.outcomes.select_related("recorded_by")}
    over = any(outcome.result == Outcome.Result.DIED for outcome in told.values())
    asks = permissions.may_record_outcome(actor, case)
    return [
        {
            "day": day,
            "due": outcome_due(day, signed_at),
            "told": told.get(day),
            "open": asks and not over and day not in told and _has_come(day, signed_at),
        }
        for day in Outcome.DAYS
    ]


def _has_come(day: int, signed_at: datetime) -> bool:
    return timezone.localdate() >= timezone.localdate(outcome_due(day, signed_at))


def steps_of(case: Case) -> list[dict[str, Any]]:
    """The stepper: what is done, what is now, what comes."""
    at = {
        s.to_status: s.at for s in reversed(queries.time_line(case)) if s.from_status != s.to_status
    }
    reached = _reached(case)
    ended = case.status in ENDED
    done = {
        Status.SUBMITTED: _("Sent"),
        Status.ACCEPTED: _("Accepted"),
        Status.IN_PROGRESS: _("Consult"),
        Status.SIGNED: _("Opinion signed"),
        Status.CLOSED: _("Receipt, closed"),
    }
    awaited = {
        Status.ACCEPTED: _("Waiting for an answer"),
        Status.IN_PROGRESS: _("Waiting for the room"),
        Status.SIGNED: _("Waiting for the opinion"),
        Status.CLOSED: _("Waiting for receipt"),
    }
    if case.mode == Case.Mode.OFFLINE:
        awaited[Status.IN_PROGRESS] = _("Waiting for the opinion")
    steps = []
    for number, status in enumerate(ORDER):
        current = number == reached and not ended
        name = awaited.get(status, done[status]) if current else done[status]
        steps.append(
            {"name": name, "at": at.get(status), "done": number < reached, "current": current}
        )
    return steps


def _reached(case: Case) -> int:
    """Which step of the stepper comes next."""
    return {
        Status.DRAFT: 0,
        Status.SUBMITTED: 1,
        Status.ROUTED: 1,
        Status.ACCEPTED: 2,
        Status.SCHEDULED: 2,
        Status.IN_PROGRESS: 3,
        Status.SIGNED: 4,
        Status.RECEIPTED: 4,
        Status.EXPIRED: 1,
        Status.TRANSFERRED: 1,
    }.get(Status(case.status), 5)


def promise(case: Case) -> str:
    """What happens when nobody answers, said before the click."""
    if case.is_joint:
        hours = int(ladder("case.schedule", case.kind, case.asked_id).promise.total_seconds())
        return _("The coordinator calls the doctors together within {n} working hours.").format(
            n=hours // 3600
        )
    minutes = int(promised(case.kind, case.asked_id).total_seconds() // 60)
    if case.is_emergency:
        return _("Not accepted within {n} minutes, the coordinator takes over.").format(n=minutes)
    return _("Not accepted within {n} working hours, the coordinator takes over.").format(
        n=minutes // 60
    )
