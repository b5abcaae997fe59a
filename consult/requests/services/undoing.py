"""Taking back within minutes: a request that nobody has seen, a withdrawal."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions, roomport
from consult.requests.models import UNANSWERED, Case, Meeting, Offer, Question, Status
from consult.requests.policies import UNDO_CANCEL, UNDO_SUBMIT
from consult.requests.queries import former_meetings, get_case, sent_at
from consult.requests.services.holding import begin_holding
from consult.requests.services.ladders import settle_pauses, start_ladder
from consult.requests.services.offers import withdraw_offer
from consult.requests.services.scheduling import book
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import publication
from telemed.core.clocks import restart_clocks, stop_clocks
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def undo_submit(*, actor: User, case_id: UUID) -> Case:
    """Within two minutes, and while nobody has opened it: a draft again."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Your role here may not change this request."))
    if case.status == Status.DRAFT:
        return case
    if case.status not in UNANSWERED:
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    if not is_fresh(case):
        n = int(UNDO_SUBMIT.total_seconds() // 60)
        message = _("After {n} minutes a request can only be withdrawn.").format(n=n)
        raise Conflict(message, path="time")
    if is_seen(case):
        message = _("Somebody has read it already; it can only be withdrawn.")
        raise Conflict(message, path="seen")
    before = case.status
    case.become(Status.DRAFT, _("This request can't be changed any more."))
    case.save(update_fields=["status"])
    for offer in case.offers.filter(status__in=Offer.LIVE).select_related("doctor"):
        withdraw_offer(offer)
    stop_clocks(about=case.pk)
    roomport.lapse(case)
    start_ladder(case=case, clock="case.draft")
    take_step(case=case, action="case.unsubmit", before=before)
    return case


def is_fresh(case: Case) -> bool:
    """Whether it was sent within the last minutes."""
    sent = sent_at(case)
    return sent is not None and timezone.now() - sent <= UNDO_SUBMIT


def is_seen(case: Case) -> bool:
    """Whether anybody who was asked did anything about it: opened, answered, asked, assigned."""
    sent = sent_at(case)
    if sent is None:
        return True
    acts = case.steps.filter(at__gte=sent, actor__isnull=False)
    return acts.exclude(action__in=["case.submit", "case.route", "consent.give"]).exists()


def undo_cancel(*, actor: User, case_id: UUID) -> Case:
    """Within ten minutes, by who withdrew it: where it stood, with what its clocks had left."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    step = case.steps.filter(action="case.cancel").order_by("-at").first()
    if step is None:
        raise Conflict(_("This consult is not withdrawn."), path="status")
    require(step.actor_id == actor.pk, _("Only who withdrew it takes that back."))
    if case.status != Status.CANCELLED or case.cancelled_at is None:
        return case
    if timezone.now() - case.cancelled_at > UNDO_CANCEL:
        n = int(UNDO_CANCEL.total_seconds() // 60)
        message = _("A withdrawal can be taken back for {n} minutes.").format(n=n)
        raise Conflict(message, path="time")
    former = Status(step.from_status)
    if former == Status.DRAFT:
        raise Conflict(_("This request can't be sent any more."), path="status")
    cancelled_at = case.cancelled_at
    booked = _booked_before(case) if former == Status.SCHEDULED else None
    if former == Status.SCHEDULED and booked is None:
        former = Status.ACCEPTED  # its time is over
    case.become(former, _("This consult is not withdrawn."))
    case.cancel_reason, case.cancelled_at = "", None
    case.save(update_fields=["status", "cancel_reason", "cancelled_at"])
    _restore(case, cancelled_at)
    if booked:
        book(case=case, meeting=booked, by=booked.agreed_by or actor)
    for doctor in _holding(case):
        begin_holding(case=case, doctor=doctor)
    settle_pauses(case=case)
    take_step(case=case, action="case.uncancel", before=Status.CANCELLED)
    live = case.offers.filter(status__in=Offer.LIVE).select_related("doctor")
    for person in {offer.doctor for offer in live}:
        tell(case=case, recipient=person, template="case.uncancelled")
    return case


def _holding(case: Case) -> list[User]:
    """Who has accepted: one doctor, or each who has a seat in a joint consult."""
    accepted = case.offers.filter(status=Offer.Status.ACCEPTED)
    return [offer.doctor for offer in accepted.select_related("doctor")]


def _booked_before(case: Case) -> Meeting | None:
    """The time that was agreed, where it is still to come."""
    ahead = timezone.now() + timedelta(minutes=1)
    return former_meetings(case).filter(starts_at__gt=ahead).first()


def _restore(case: Case, cancelled_at: datetime) -> None:
    restart_clocks(about=case.pk, stopped_at=cancelled_at)
    lapsed = case.questions.filter(status=Question.Status.LAPSED, ended_at=cancelled_at)
    for question in lapsed:
        question.status, question.ended_at = Question.Status.OPEN, None
        question.save(update_fields=["status", "ended_at"])
        restart_clocks(about=question.pk, stopped_at=cancelled_at)
        publication.publish(question)
    for offer in case.offers.filter(status=Offer.Status.WITHDRAWN).exclude(former=""):
        offer.status, offer.former = offer.former, ""
        offer.save(update_fields=["status", "former"])
        publication.publish(offer)
        restart_clocks(about=offer.pk, stopped_at=cancelled_at)
