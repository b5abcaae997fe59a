"""The opinion is signed, the asking doctor closes the case, or it is withdrawn before that."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions, roomport
from consult.requests.events import CaseAddedTo, CaseCancelled
from consult.requests.models import (
    ENDED,
    HELD,
    OVER,
    UNANSWERED,
    Case,
    Offer,
    Question,
    Status,
)
from consult.requests.policies import REASON
from consult.requests.queries import (
    get_case,
    open_questions,
    visible_to,
)
from consult.requests.services.finishing import (
    close_case,
    incomplete,
    who_is_waited_for,
)
from consult.requests.services.ladders import (
    AFTER_SIGNING,
    BEFORE_SIGNING,
    start_ladder,
    stop_invitations,
    stop_ladders,
)
from consult.requests.services.outcomes import ask_outcomes
from consult.requests.services.questioning import end_questions
from consult.requests.services.scheduling import drop_meetings
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from consult.requests.services.withdrawing import finish_new_opinion
from records.consent.services import end_care
from telemed.core import outbox, publication
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import mark_read, settle
from telemed.people.models import User


def mark_signed(*, case: Case, version: int, off_duty: bool = False) -> None:
    """A version of the opinion was just signed (the caller holds the case's lock)."""
    require_intention()
    before = case.status
    first = before in HELD or case.is_withdrawn  # no amendment: none stood before
    case.opinion_version, case.ready_at = version, None
    over = case.status in OVER
    stop_ladders(case=case, clocks=("opinion.ready",))
    if over and first:
        finish_new_opinion(case=case)
    if not over:
        if case.status != Status.SIGNED:
            case.become(Status.SIGNED, _("This consult can't be answered any more."))
        stop_ladders(case=case, clocks=(*BEFORE_SIGNING, *AFTER_SIGNING))
        start_ladder(case=case, clock="case.receipt")
        settle(about=case.pk)
    case.save(update_fields=["status", "opinion_version", "ready_at"])
    if first and not over:
        _finish_offers(case)
        ask_outcomes(case=case)
    action = "opinion.sign" if first else "opinion.amend"
    duty = {"off_duty": True} if off_duty else {}
    take_step(case=case, action=action, before=before, version=version, **duty)
    if over:
        outbox.announce(CaseAddedTo(case_id=case.pk))
    template = "opinion.signed" if version == 1 else "opinion.amended"
    tell(case=case, recipient=case.requester, template=template, turn=version)
    if case.patient.user:
        tell(case=case, recipient=case.patient.user, template=template, turn=version)


def _finish_offers(case: Case) -> None:
    """The offer that was accepted is done, and nothing is asked or arranged any more."""
    end_questions(case=case, status=Question.Status.WITHDRAWN)
    stop_invitations(case=case)
    drop_meetings(case=case)
    roomport.lapse(case)
    for offer in case.offers.filter(status__in=Offer.LIVE):
        held = offer.status == Offer.Status.ACCEPTED
        offer.status = Offer.Status.DONE if held else Offer.Status.WITHDRAWN
        offer.save(update_fields=["status"])
        publication.publish(offer)


def close_by_hand(*, actor: User, case_id: UUID, note: str = "") -> Case:
    """The asking doctor closes a receipted case; what is incomplete needs a reason in words."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Only the asking side closes the case."))
    if case.status in OVER:
        return case
    if case.status != Status.RECEIPTED:
        raise Conflict(_("This consult can't be closed yet."), path="status")
    note = note.strip()[:200]
    missing = incomplete(case)
    if missing and len(note) < REASON:
        message = _("Still missing: {fields}. Complete it, or say why not.")
        raise Invalid(message.format(fields=missing), path="note")
    case.closing_note = note
    if open_now := who_is_waited_for(case):
        raise Conflict(open_now, path="status")
    close_case(case=case, closing=Case.Closing.RECEIPT)
    return case


def mark_archived(*, case: Case, version: int) -> None:
    """Both sides keep a copy now (the caller holds the case's lock)."""
    require_intention()
    before = case.status
    if case.status == Status.CLOSED:
        case.become(Status.ARCHIVED, _("This consult can't be closed yet."))
        case.save(update_fields=["status"])
    take_step(case=case, action="case.archive", before=before, version=version)


def cancel_case(*, actor: User, case_id: UUID, reason: str, duplicate_of: str = "") -> Case:
    """
    Withdraw it before an opinion is signed; those who were asked are told.

    The asked side's coordinator withdraws only a duplicate, by the number of the other case.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    asks = permissions.is_asking(actor, case) or permissions.coordinates_asking(actor, case)
    tidies = permissions.coordinates(actor, case)
    require(asks or tidies, _("Only the asking side withdraws a request."))
    reason = reason.strip()[:200]
    if not asks:
        reason = _duplicate(actor, case, duplicate_of)
    if len(reason) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="reason")
    if case.status not in (Status.DRAFT, *UNANSWERED, *HELD):
        raise Conflict(_("The opinion is signed; it can't be withdrawn."), path="status")
    if roomport.is_live(case.pk):
        raise Conflict(_("People are in the room; end it first."), path="room")
    asked = withdraw_case(case=case, reason=reason, by=actor.role)
    for doctor in asked:
        tell(case=case, recipient=doctor, template="case.cancelled", reason=reason)
    if not permissions.is_asking(actor, case):
        tell(case=case, recipient=case.requester, template="case.cancelled", reason=reason)
    return case


def withdraw_case(*, case: Case, reason: str, by: str) -> list[User]:
    """Before it is signed (the caller holds its lock); answers who was asked, to be told."""
    require_intention()
    before, now = case.status, timezone.now()
    case.become(Status.CANCELLED, _("The opinion is signed; it can't be withdrawn."))
    case.cancel_reason, case.cancelled_at = reason, now
    case.save(update_fields=["status", "cancel_reason", "cancelled_at"])
    for question in open_questions(case):
        stop_clocks(about=question.pk, at=now)
        question.status, question.ended_at = Question.Status.LAPSED, now
        question.save(update_fields=["status", "ended_at"])
        publication.publish(question)
    asked = withdraw_offers(case)
    drop_meetings(case=case)
    stop_clocks(about=case.pk, at=now)
    stop_invitations(case=case, at=now)
    end_care(about=case.pk)
    roomport.lapse(case)
    take_step(case=case, action="case.cancel", before=before, by=by)
    outbox.announce(CaseCancelled(case_id=case.pk))
    settle(about=case.pk)
    for doctor in asked:
        mark_read(actor=doctor, about=case.pk)
    return asked


def withdraw_offers(case: Case) -> list[User]:
    """They keep what they were, for the minutes in which withdrawing can be taken back."""
    live = list(case.offers.filter(status__in=Offer.LIVE).select_related("doctor"))
    for offer in live:
        offer.former, offer.status = offer.status, Offer.Status.WITHDRAWN
        offer.save(update_fields=["status", "former"])
        publication.publish(offer)
    return [offer.doctor for offer in live]


def _duplicate(actor: User, case: Case, number: str) -> str:
    same = visible_to(actor).filter(patient=case.patient, number=number.strip() or "-")
    other = same.exclude(pk=case.pk).exclude(status__in=ENDED)
    if not other.exists():
        message = _("Give the number of the other consult about the same patient.")
        raise Invalid(message, path="duplicate_of")
    return _("Duplicate of {no}").format(no=number.strip())
