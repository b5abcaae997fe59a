"""The informed consent: for one hospital and one fee, put off by an emergency, or refused."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.models import OPEN, Case, Status, yuan
from consult.requests.queries import get_case
from consult.requests.services.drafting import get_draft
from consult.requests.services.finishing import close_if_due
from consult.requests.services.ladders import start_ladder
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from records.consent import services as consents
from records.consent.models import Consent
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.organisations.queries import find_agreement
from telemed.people.models import User


def fee_of(case: Case) -> int | None:
    """
    In fen, what is to be explained before somebody signs; None without an agreement.

    A draft costs what is agreed today, a case that was sent what was agreed when it was.
    """
    if case.status != Status.DRAFT:
        agreement = case.agreement
    else:
        agreement = find_agreement(case.asking, case.asked, case.service) if case.asked else None
    return agreement.price_of(case.service) if agreement else None


def attach_consent(
    *,
    actor: User,
    case_id: UUID,
    method: str,
    relation: str,
    fee_shown: int,
    signer_name: str = "",
    signature: bytes | None = None,
    reason: str = "",
    signed_under: UUID | None = None,
) -> Case:
    """
    The drawn signature, the photo of paper, or why an emergency has to go before it.

    `fee_shown` is what stood on the page when it was signed: Conflict where that is not the price,
    except for an emergency that is being sent, of which the consent to the price is asked
    afterwards. What was deferred is given afterwards, while the case is open. The very same sent
    again, because its answer was lost, answers the present state.
    """
    require_intention()
    case = _awaiting_consent(actor, case_id, method)
    if case.asked is None:
        raise Invalid(
            _("Choose the hospital first: the consent names it and its fee."), path="asked"
        )
    fee = fee_of(case) or 0
    goes_first = case.is_emergency and case.status == Status.DRAFT
    if fee_shown != fee and not goes_first:
        raise Conflict(_fee_changed(fee), path="consent")
    known = case.consent and case.consent.is_given_by(method, relation, signer_name, signature)
    if known and case.fee_to_agree is None and not why_consent_fails(case, fee):
        return case
    if method == Consent.Method.DEFERRED and not case.is_emergency:
        raise Invalid(_("Only an emergency may go before consent."), path="method")
    case.consent = consents.take_consent(
        actor=actor,
        patient=case.patient,
        about=case.pk,
        asked=case.asked,
        method=method,
        relation=relation,
        signer_name=signer_name,
        signature=signature,
        fee_shown=fee_shown,
        reason=reason,
        signed_under=signed_under,
    )
    case.fee_to_agree = None
    case.save(update_fields=["consent", "fee_to_agree"])
    if case.consent.given_at:
        stop_clocks(about=case.pk, kind="case.consent")
    take_step(case=case, action="consent.give", publish=False, method=method, relation=relation)
    close_if_due(case=case)
    return case


def ask_for_fee(*, case: Case, fee: int, template: str) -> None:
    """
    The consent named another fee, in fen: it is given anew within 24 hours, as after an emergency.

    Nothing waits for it but the closing of the case.
    """
    require_intention()
    case.fee_to_agree = fee
    case.save(update_fields=["fee_to_agree"])
    start_ladder(case=case, clock="case.consent")
    tell(case=case, recipient=case.requester, template=template, n=f"{fee / 100:g}")


def refuse_consent(
    *,
    actor: User,
    case_id: UUID,
    relation: str,
    reason: str = "",
    signed_under: UUID | None = None,
) -> Case:
    """
    The patient, or who may sign for them, does not agree: it is kept, and nothing is sent.

    They may think better of it: a later consent follows. The same refusal again answers the
    present state.
    """
    require_intention()
    case = get_draft(actor, case_id)
    if case.asked is None:
        raise Invalid(
            _("Choose the hospital first: the consent names it and its fee."), path="asked"
        )
    known = case.consent
    if known and known.is_refused and (known.relation, known.reason) == (relation, reason.strip()):
        return case
    case.consent = consents.refuse_consent(
        actor=actor,
        patient=case.patient,
        about=case.pk,
        relation=relation,
        asked=case.asked,
        fee_shown=fee_of(case) or 0,
        reason=reason,
        signed_under=signed_under,
        instead_of=known,
    )
    case.fee_to_agree = None
    case.save(update_fields=["consent", "fee_to_agree"])
    why: dict[str, Any] = {"reason": case.consent.reason} if case.consent.reason else {}
    take_step(case=case, action="consent.refuse", publish=False, relation=relation, **why)
    return case


def why_consent_fails(case: Case, fee: int | None) -> str:
    """
    Why the request can't be sent with the consent that it has, in words; empty where it can.

    `fee`: what it costs now, None without an agreement.
    """
    consent = case.consent
    if consent is None:
        return _("There is no valid consent; it cannot be sent.")
    if consent.is_refused:
        said = _(
            "The consent was refused ({who}); it cannot be sent unless somebody signs after all."
        )
        return said.format(who=consent.get_relation_display())
    if consent.given_at is None:  # put off: nothing was explained yet
        return ""
    if consent.asked_id and case.asked and consent.asked_id != case.asked_id:
        said = _("The consent was signed for {old}. Explain that {org} is asked, and sign again.")
        return said.format(old=consent.asked, org=case.asked)
    changed = fee is not None and consent.fee_shown != fee and not case.is_emergency
    return _fee_changed(fee or 0) if changed else ""


def _fee_changed(fee: int) -> str:
    said = _("The fee has changed to {fee} yuan: please explain it and sign again.")
    return said.format(fee=yuan(fee))


def _awaiting_consent(actor: User, case_id: UUID, method: str) -> Case:
    """A draft, or a case that went before its consent."""
    case = get_case(actor, case_id, lock=True)
    deferred = case.status in OPEN and case.consent_is_due
    if case.status != Status.DRAFT and not (deferred and method != Consent.Method.DEFERRED):
        return get_draft(actor, case_id)
    require(permissions.is_asking(actor, case), _("Your role here may not change this request."))
    return case
