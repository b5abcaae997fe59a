"""After the opinion: the asking doctor's receipt, the end of the case, or its withdrawal."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.events import CaseCancelled, CaseClosed
from consult.requests.models import Case, Kind, Offer, Receipt, Status
from consult.requests.policies import DECLINE_TEXT, POLICIES, READABLE_AFTER_CLOSE
from consult.requests.queries import get_case
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from records.consent.services import end_care
from telemed.core import outbox
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.notifications.services import mark_read, settle
from telemed.people.models import User


def mark_signed(*, case: Case, version: int) -> None:
    """A version of the opinion was just signed (the caller holds the case's lock)."""
    require_intention()
    before = case.status
    case.opinion_version = version
    if case.status != Status.CLOSED:
        if case.status != Status.SIGNED:
            case.become(Status.SIGNED, _("This consult can't be answered any more."))
        stop_clocks(about=case.pk)
        settle(about=case.pk)
        policy = POLICIES[Kind(case.kind)]
        start_clock(
            kind="case.receipt",
            about=case.pk,
            allowance=policy.receipt,
            calendar=policy.calendar,
        )
    case.save(update_fields=["status", "opinion_version"])
    action = "opinion.sign" if version == 1 else "opinion.amend"
    take_step(case=case, action=action, before=before, version=version)
    template = "opinion.signed" if version == 1 else "opinion.amended"
    tell(case=case, recipient=case.requester, template=template, turn=version)
    if case.patient.user:
        tell(case=case, recipient=case.patient.user, template=template, turn=version)


def give_receipt(
    *, actor: User, case_id: UUID, version: int, decision: str, reason: str = "", close: bool = True
) -> Case:
    """
    Act on the newest version of the opinion; closes the case unless asked not to.

    The same decision again answers the present state. Raises Conflict on an older version.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Only the asking side gives the receipt."))
    if decision not in Receipt.Decision.values:
        raise Invalid(_("Choose one: adopted, partly, not adopted."), path="decision")
    reason = reason.strip()[:500]
    if decision != Receipt.Decision.ADOPTED and len(reason) < DECLINE_TEXT:
        message = _("Give a reason of at least {n} characters.").format(n=DECLINE_TEXT)
        raise Invalid(message, path="reason")
    given = case.receipts.filter(opinion_version=version).first()
    if given and given.decision == decision and given.given_by_id == actor.pk:
        return case
    if version != case.opinion_version:
        message = _("Version {n} exists; read it first.").format(n=case.opinion_version)
        raise Conflict(message, path="version")
    late = case.status == Status.CLOSED and given is None and version > 1
    if not late and case.status != Status.SIGNED:
        raise Conflict(_("The receipt for this opinion was given already."), path="status")
    twice = Conflict(_("The receipt for this opinion was given already."), path="status")
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
        case.become(Status.RECEIPTED, _("There is no opinion to act on yet."))
        case.save(update_fields=["status"])
        stop_clocks(about=case.pk, kind="case.receipt")
    mark_read(actor=actor, about=case.pk)
    take_step(case=case, action="case.receipt", before=before, decision=decision, version=version)
    if case.holder:
        tell(
            case=case,
            recipient=case.holder,
            template="case.receipt",
            turn=version,
            state=str(receipt.get_decision_display()),
        )
    if close and not late:
        close_case(case=case)
    return case


def close_case(*, case: Case) -> None:
    """The loop is closed: the record stays readable to the specialist for a week."""
    require_intention()
    before = case.status
    case.become(Status.CLOSED, _("This consult can't be closed yet."))
    case.save(update_fields=["status"])
    stop_clocks(about=case.pk)
    end_care(about=case.pk, until=timezone.now() + READABLE_AFTER_CLOSE)
    take_step(case=case, action="case.close", before=before)
    outbox.announce(CaseClosed(case_id=case.pk))
    settle(about=case.pk)
    if case.holder:
        tell(case=case, recipient=case.holder, template="case.closed")


def cancel_case(*, actor: User, case_id: UUID, reason: str) -> Case:
    """Withdraw it before an opinion is signed; those who were asked are told."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Only the asking side withdraws a request."))
    reason = reason.strip()[:200]
    if len(reason) < DECLINE_TEXT:
        message = _("Give a reason of at least {n} characters.").format(n=DECLINE_TEXT)
        raise Invalid(message, path="reason")
    if not permissions.may_cancel(actor, case):
        raise Conflict(_("The opinion is signed; it can't be withdrawn."), path="status")
    before = case.status
    case.become(Status.CANCELLED, _("The opinion is signed; it can't be withdrawn."))
    case.cancel_reason = reason
    case.save(update_fields=["status", "cancel_reason"])
    live = case.offers.filter(status__in=Offer.LIVE).select_related("doctor")
    asked = [offer.doctor for offer in live]
    live.update(status=Offer.Status.WITHDRAWN)
    stop_clocks(about=case.pk)
    end_care(about=case.pk)
    take_step(case=case, action="case.cancel", before=before)
    outbox.announce(CaseCancelled(case_id=case.pk))
    settle(about=case.pk)
    for doctor in asked:
        mark_read(actor=doctor, about=case.pk)
        tell(case=case, recipient=doctor, template="case.cancelled", reason=reason)
    return case
