"""After the opinion: the asking doctor's receipt, the end of the case, or its withdrawal."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions, roomport
from consult.requests.events import CaseAddedTo, CaseCancelled, CaseClosed
from consult.requests.models import (
    ENDED,
    HELD,
    OVER,
    UNANSWERED,
    Case,
    Offer,
    Question,
    Receipt,
    Status,
)
from consult.requests.policies import READABLE_AFTER_CLOSE, REASON
from consult.requests.queries import (
    get_case,
    lock_case,
    open_questions,
    visible_to,
    why_not_present,
)
from consult.requests.services.accruing import accrue
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
from consult.requests.services.sending import field_names
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from consult.requests.services.withdrawing import finish_new_opinion
from records.consent.services import end_care
from telemed.core import outbox, publication
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.notifications.services import mark_read, settle
from telemed.people.licences import is_village_doctor
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


def give_receipt(
    *,
    actor: User,
    case_id: UUID,
    version: int,
    decision: str,
    reason: str = "",
    note: str = "",
    close: bool = True,
) -> Case:
    """
    Act on the newest version of the opinion; closes the case unless asked not to.

    What an emergency went without needs `note`, why it stays so: else the case waits for it.

    The same decision again answers the present state. Raises Conflict on an older version. A case
    that was closed without a receipt, or amended since, still takes one and stays closed.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Only the asking side gives the receipt."))
    reason = _checked_reason(decision, reason)
    given = case.receipts.filter(opinion_version=version).first()
    if given and given.decision == decision and given.given_by_id == actor.pk:
        return case
    _check_licence(actor, case)
    if version != case.opinion_version:
        message = _("Version {n} exists; read it first.").format(n=case.opinion_version)
        raise Conflict(message, path="version")
    twice = Conflict(_("The receipt for this opinion was given already."), path="status")
    if case.is_withdrawn:
        message = _("Version {n} was withdrawn; wait for the new opinion.")
        raise Conflict(message.format(n=version), path="version")
    late = case.status in OVER and given is None and version > 0
    if not late and case.status != Status.SIGNED:
        raise twice
    with refusing(one_receipt_a_version=twice):
        receipt = Receipt.objects.create(
            case=case,
            opinion_version=version,
            decision=decision,
            reason=reason,
            given_by=actor,
        )
    before = case.status
    if not late:
        if len(note.strip()) >= REASON:
            case.closing_note = note.strip()[:200]
        case.become(Status.RECEIPTED, _("There is no opinion to act on yet."))
        case.save(update_fields=["status", "closing_note"])
        stop_clocks(about=case.pk, kind="case.receipt")
        start_ladder(case=case, clock="case.close")
    mark_read(actor=actor, about=case.pk)
    closes = {"closes": True} if close and not late else {}  # as soon as nothing is in the way
    said: dict[str, Any] = {"decision": decision, "version": version, **closes}
    take_step(case=case, action="case.receipt", before=before, **said)
    publication.publish(receipt)
    if case.holder:
        state = str(receipt.get_decision_display())
        tell(case=case, recipient=case.holder, template="case.receipt", turn=version, state=state)
    if late:
        outbox.announce(CaseAddedTo(case_id=case.pk))
    elif close and not what_is_open(case):
        close_case(case=case, closing=Case.Closing.RECEIPT)
    return case


def _check_licence(actor: User, case: Case) -> None:
    sentence = _("The receipt is a doctor's: a village doctor reads the opinion.")
    require(not is_village_doctor(actor), sentence)
    if why := why_not_present(actor, case):
        message = _("{who} cannot give the receipt: {why}").format(who=actor.name, why=why)
        raise Conflict(message, path="licence")


def _checked_reason(decision: str, reason: str) -> str:
    if decision not in Receipt.Decision.values:
        raise Invalid(_("Choose one: adopted, partly, not adopted."), path="decision")
    reason = reason.strip()[:500]
    if decision != Receipt.Decision.ADOPTED and len(reason) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="reason")
    return reason


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
    if open_now := _blocked(case):
        raise Conflict(open_now, path="status")
    close_case(case=case, closing=Case.Closing.RECEIPT)
    return case


def incomplete(case: Case) -> str:
    """Which legal fields and whether the consent are still missing, in words."""
    missing = [field_names(case.missing)] if case.missing else []
    if case.consent_is_due:
        missing.append(_("consent"))
    return _(", ").join(missing)


def what_is_open(case: Case) -> str:
    """Why the case can't be closed now, in words; empty when it can."""
    missing = incomplete(case)
    if missing and not case.closing_note:
        return _("Still missing: {fields}.").format(fields=missing)
    return _blocked(case)


def _blocked(case: Case) -> str:
    if roomport.is_live(case.pk):
        return _("People are in the room; end it first.")
    if waiting := open_questions(case):
        return _("{n} questions are already open.").format(n=len(waiting))
    return ""


def closes_with_room(case: Case) -> bool:
    """Whether the receipt was to close it and only the people in the room are in the way."""
    if case.status != Status.RECEIPTED:
        return False
    given = case.steps.filter(action="case.receipt").order_by("-at", "-id").first()
    return given is not None and bool(given.facts.get("closes"))


def close_after_room(*, case_id: UUID) -> None:
    """The room of a case has just ended: a receipt that was to close it does so now."""
    require_intention()
    case = lock_case(case_id)
    if closes_with_room(case) and not what_is_open(case):
        close_case(case=case, closing=Case.Closing.RECEIPT, by_system=True)


def close_case(*, case: Case, closing: Case.Closing, by_system: bool = False) -> None:
    """The loop is closed: the record stays readable to the specialist for a week."""
    require_intention()
    before = case.status
    case.become(Status.CLOSED, _("This consult can't be closed yet."))
    case.closing = closing
    case.save(update_fields=["status", "closing", "closing_note"])
    stop_ladders(case=case, clocks=(*BEFORE_SIGNING, *AFTER_SIGNING, "case.consent"))
    end_care(about=case.pk, until=timezone.now() + READABLE_AFTER_CLOSE)
    take_step(case=case, action="case.close", before=before, by_system=by_system, closing=closing)
    accrue(case=case)
    outbox.announce(CaseClosed(case_id=case.pk))
    settle(about=case.pk)
    if case.holder:
        tell(case=case, recipient=case.holder, template="case.closed")
    if closing == Case.Closing.NO_RECEIPT:
        tell(case=case, recipient=case.requester, template="case.no_receipt")


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
