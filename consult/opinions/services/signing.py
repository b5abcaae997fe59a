"""Signing: the draft becomes a version that nobody can change, and the case moves on."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.keyimages.queries import sealed_with
from consult.opinions import sealing
from consult.opinions.events import OpinionSigned
from consult.opinions.models import Opinion
from consult.opinions.queries import asks_duty_reason
from consult.opinions.services import leases
from consult.opinions.services.drafting import (
    REASON,
    TEXTS,
    case_of_holder,
    check_complete,
    checked,
    find_open_draft,
)
from consult.opinions.services.stating import check_stated
from consult.opinions.services.withdrawing import settle_corrections
from consult.requests import services as requests
from consult.requests.models import Case
from consult.requests.queries import find_seat
from telemed.core import outbox, publication
from telemed.core.errors import Conflict, Invalid, Stale
from telemed.core.intentions import refusing, require_intention
from telemed.people import licences, signing
from telemed.people.models import User
from telemed.rota.queries import is_on_duty


def sign_opinion(
    *,
    actor: User,
    case_id: UUID,
    pin: str,
    version: int | None = None,
    off_duty: str = "",
    unfinished: bool = False,
) -> Opinion:
    """
    Sign the draft with the doctor's own key, which the PIN unwraps.

    With `version`, the draft's save that the doctor read: raises Stale when it was saved since.
    `off_duty`: why it is signed outside a shift, where asks_duty_reason(). It is sealed with the
    text. `unfinished`: a section that another writer left is signed as it was saved; while they
    type in it, nobody signs.

    Signing twice is a Conflict; a wrong PIN is signing.WrongPin (Forbidden).
    """
    require_intention()
    case = case_of_holder(actor, case_id)
    draft = check_complete(find_open_draft(case))
    if version is not None and version != draft.version:
        raise Stale(_("This text was saved in another window; look again."), path="version")
    leases.check_signable(case, actor, unfinished=unfinished)
    _check_licence(actor, case)
    stated = check_stated(case)
    joint = {"statements": sealing.statements_of(stated)} if case.is_joint else {}
    duty = _duty(actor, case, off_duty)

    newest = case.opinions.order_by("-version").first()
    number = newest.version + 1 if newest else 1
    signed_at = timezone.now()
    previous = newest.digest if newest else ""
    reason = draft.reason or _withdrawn_because(newest)
    texts = {name: getattr(draft, name).strip() for name in TEXTS}
    sealed = sealing.canonical(
        sealing.content_of(
            case=case,
            author=actor,
            version=number,
            signed_at=signed_at,
            previous=previous,
            reason=reason,
            figures=sealed_with(case),
            **duty,
            **joint,
            **texts,
        )
    )
    digest = sealing.digest_of(sealed)
    signature = signing.sign(user=actor, pin=pin, digest=bytes.fromhex(digest))
    twice = Conflict(_("The opinion is signed; amend it instead."), path="status")
    with refusing(one_opinion_a_version=twice):
        opinion = Opinion.objects.create(
            case=case,
            version=number,
            author=actor,
            reason=reason,
            signed_at=signed_at,
            sealed=sealed,
            digest=digest,
            previous_digest=previous,
            signature=signature.signature,
            public_key=signature.public_key,
            check_code=sealing.new_check_code(),
            **texts,
        )
    draft.delete()
    leases.end_writing_together(case)
    if newest:
        settle_corrections(opinion=newest, at=signed_at)
    requests.mark_signed(case=case, version=number, off_duty="off_duty" in duty)
    publication.publish(opinion)
    outbox.announce(OpinionSigned(case_id=case.pk, version=number))
    return opinion


def _duty(actor: User, case: Case, reason: str) -> dict[str, str]:
    """What is sealed of the rota: on duty, or why not; nothing where no rule asks."""
    if is_on_duty(actor):
        return {"duty": "on"}
    reason = checked("reason", reason).strip()
    if len(reason) >= REASON:
        return {"duty": "off", "off_duty": reason}
    if asks_duty_reason(actor, case):
        message = _("You have no shift now: say in {n} characters or more why you sign.")
        raise Invalid(message.format(n=REASON), path="off_duty")
    return {}


def _withdrawn_because(former: Opinion | None) -> str:
    """Why there is a further version, where the former one was withdrawn."""
    withdrawal = former.withdrawal if former else None
    return withdrawal.reason if withdrawal else ""


def _check_licence(actor: User, case: Case) -> None:
    why = licences.why_not(
        getattr(actor, "practitioner", None),
        seat.specialty if (seat := find_seat(actor, case)) else case.specialty,
        actor.acting_organisation,
        timezone.localdate(),
        answering=True,
    )
    if why:
        message = _("{who} cannot sign: {why}").format(who=actor.name, why=why)
        raise Conflict(message, path="licence")
