"""An agreement in its life: signed, begun, suspended, ended."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from telemed.core import clocks, outbox, policies
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import Actor, refusing, require_intention
from telemed.core.models import Clock
from telemed.core.reasons import checked_reason
from telemed.organisations import rules
from telemed.organisations.events import (
    AgreementActivated,
    AgreementEnding,
    AgreementExpired,
    AgreementSigned,
    AgreementSuspended,
    AgreementTerminated,
)
from telemed.organisations.models import Agreement, AgreementSignature, Organisation
from telemed.organisations.models.agreements import AgreementState as State
from telemed.organisations.permissions import DECIDERS, is_party, may_sign_agreement
from telemed.organisations.queries.agreements import get_agreement
from telemed.organisations.services.drafting import check_overlap, overlap
from telemed.organisations.services.steps import (
    END,
    START,
    hold,
    lock_version,
    start_begin_clock,
    start_end_clock,
    take_step,
    warnings,
)


def sign_agreement(*, actor: Actor, agreement_id: UUID, digest: str) -> Agreement:
    """
    The head's signature under the text whose hash they saw. The second one puts it in force.

    The door has made sure again who it is.
    """
    require_intention()
    agreement = get_agreement(actor, agreement_id, lock=True)
    require(may_sign_agreement(actor, agreement), _("An agreement is signed by the head."))
    standing = agreement.state != State.COUNTERED and agreement.digest == digest
    if not standing or agreement.compute_digest() != digest:
        raise Conflict(_("The text changed; sign the new version."), path="digest")
    if not agreement.can_become(State.SIGNED):
        raise agreement.refusal(pgettext("verb", "sign"))
    if agreement.ends_on < timezone.localdate():
        raise Invalid(_("The last day has passed."), path="ends_on")
    _take_turns(agreement)
    check_overlap(agreement)
    mine = agreement.asking if actor.organisation_id == agreement.asking_id else agreement.asked
    with refusing(
        one_signature_a_side=Conflict(_("Your side has signed already."), path="signature")
    ):
        AgreementSignature.objects.create(
            agreement=agreement,
            organisation=mine,
            signed_by=actor.actor_id,
            signer_name=getattr(actor, "name", ""),
            digest=digest,
        )
    if agreement.signatures.count() < len({agreement.asking_id, agreement.asked_id}):
        take_step(actor=actor, agreement=agreement, action="sign", fields=())
        return agreement
    agreement.become(State.SIGNED, pgettext("verb", "sign"))
    take_step(actor=actor, agreement=agreement, action="sign", fields=())
    outbox.announce(AgreementSigned(agreement_id=agreement.pk, by=str(actor.organisation_id)))
    if agreement.starts_on <= timezone.localdate():
        _activate(actor, agreement)
    else:
        start_begin_clock(agreement)
    return agreement


def _take_turns(agreement: Agreement) -> None:
    """Two agreements of one asking side are not signed at once: each sees the other's."""
    asking = Organisation.objects.select_for_update(no_key=True)
    asking.get(pk=agreement.asking_id)


def _activate(actor: Actor, agreement: Agreement) -> None:
    earlier = Agreement.objects.select_for_update(of=("self",), no_key=True).filter(
        series=agreement.series, state__in=[State.ACTIVE, State.SUSPENDED]
    )
    for old in earlier.exclude(pk=agreement.pk).order_by("pk"):
        old.become(State.SUPERSEDED, pgettext("verb", "replace"))
        _end(actor, old, "supersede")
    agreement.become(State.ACTIVE, pgettext("verb", "activate"))
    agreement.activated_at = timezone.now()
    with refusing(no_two_in_force_for_a_service=overlap()):
        hold(agreement, in_force=True)
    take_step(actor=actor, agreement=agreement, action="activate", fields=("activated_at",))
    start_end_clock(agreement)
    outbox.announce(AgreementActivated(agreement_id=agreement.pk))


def begin_agreement(*, actor: Actor, clock: Clock) -> None:
    """The first day has come."""
    require_intention()
    agreement = lock_version(clock.about)
    if agreement is not None and agreement.state == State.SIGNED:
        _activate(actor, agreement)


def suspend_agreement(*, actor: Actor, agreement_id: UUID, reason: str) -> Agreement:
    """No new requests; what was accepted goes on. Whoever suspended it lets it go on."""
    require_intention()
    agreement = get_agreement(actor, agreement_id, lock=True)
    require(may_suspend(actor, agreement), _suspends())
    reason = checked_reason(reason)
    agreement.become(State.SUSPENDED, pgettext("verb", "suspend"))
    agreement.suspended_by_id = actor.organisation_id
    hold(agreement, in_force=False)
    take_step(
        actor=actor,
        agreement=agreement,
        action="suspend",
        reason=reason,
        fields=("suspended_by",),
    )
    outbox.announce(AgreementSuspended(agreement_id=agreement.pk, by=str(actor.organisation_id)))
    return agreement


def resume_agreement(*, actor: Actor, agreement_id: UUID, reason: str) -> Agreement:
    require_intention()
    agreement = get_agreement(actor, agreement_id, lock=True)
    require(may_suspend(actor, agreement), _suspends())
    reason = checked_reason(reason)
    if agreement.state != State.SUSPENDED:
        raise agreement.refusal(pgettext("verb", "resume"))
    if agreement.suspended_by_id not in (None, actor.organisation_id):
        who = agreement.suspended_by.name if agreement.suspended_by else ""
        raise Forbidden(_("{org} suspended it and lets it go on.").format(org=who))
    agreement.become(State.ACTIVE, pgettext("verb", "resume"))
    agreement.suspended_by = None
    with refusing(no_two_in_force_for_a_service=overlap()):
        hold(agreement, in_force=True)
    take_step(
        actor=actor, agreement=agreement, action="resume", reason=reason, fields=("suspended_by",)
    )
    outbox.announce(AgreementActivated(agreement_id=agreement.pk))
    return agreement


def terminate_agreement(*, actor: Actor, agreement_id: UUID, reason: str) -> Agreement:
    """Notice: it holds for 30 days more (policy), never longer than it would have."""
    require_intention()
    agreement = get_agreement(actor, agreement_id, lock=True)
    require(may_sign_agreement(actor, agreement), _("Notice is given by the head of a side."))
    reason = checked_reason(reason)
    if not agreement.can_become(State.TERMINATED):
        raise agreement.refusal(pgettext("verb", "terminate"))
    if agreement.terminates_on:
        refusal = _("Notice was given already; it ends on {day}.")
        raise Conflict(refusal.format(day=f"{agreement.terminates_on:%Y-%m-%d}"), path="state")
    if agreement.state == State.SIGNED:
        agreement.become(State.TERMINATED, pgettext("verb", "terminate"))
        clocks.stop_clocks(about=agreement.pk, kind=START)
        _end(actor, agreement, "terminate", reason)
        return agreement
    today = timezone.localdate()
    agreement.terminates_on = min(agreement.ends_on, today + policies.value(rules.NOTICE))
    hold(agreement, in_force=agreement.state == State.ACTIVE)
    take_step(
        actor=actor,
        agreement=agreement,
        action="terminate",
        reason=reason,
        fields=("terminates_on",),
    )
    start_end_clock(agreement)
    days = (agreement.terminates_on - today).days
    outbox.announce(
        AgreementEnding(agreement_id=agreement.pk, by=str(actor.organisation_id), days=days)
    )
    return agreement


def come_to_end(*, actor: Actor, clock: Clock) -> None:
    """A rung of agreement.end: warns, or on the last one ends it. What was accepted goes on."""
    require_intention()
    agreement = lock_version(clock.about)
    if agreement is None or agreement.state not in {State.ACTIVE, State.SUSPENDED}:
        return
    told = warnings(clock.created_at)
    if clock.rung < len(told):
        outbox.announce(AgreementEnding(agreement_id=agreement.pk, days=told[clock.rung]))
        return
    if agreement.last_day >= timezone.localdate():
        return
    if agreement.terminates_on:
        agreement.become(State.TERMINATED, pgettext("verb", "terminate"))
        _end(actor, agreement, "end")
        outbox.announce(AgreementTerminated(agreement_id=agreement.pk))
    else:
        agreement.become(State.EXPIRED, pgettext("verb", "end"))
        _end(actor, agreement, "expire")
        outbox.announce(AgreementExpired(agreement_id=agreement.pk))


def _end(actor: Actor, agreement: Agreement, action: str, reason: str = "") -> None:
    agreement.ended_at = timezone.now()
    hold(agreement, in_force=False)
    clocks.stop_clocks(about=agreement.pk, kind=END)
    take_step(actor=actor, agreement=agreement, action=action, reason=reason, fields=("ended_at",))


def may_suspend(actor: Actor, agreement: Agreement) -> bool:
    """The head of either side, or the authority; get_agreement shows it to no other authority."""
    if is_party(actor, agreement):
        return may_sign_agreement(actor, agreement)
    return actor.role in DECIDERS


def _suspends() -> str:
    return _("An agreement is suspended by the head of a side, or by the authority.")
