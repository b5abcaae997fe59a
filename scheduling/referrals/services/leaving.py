"""A referral that does not come about: withdrawn, or answered by nobody."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments import services as appointments
from scheduling.referrals import permissions
from scheduling.referrals.events import ReferralCancelled, ReferralExpired
from scheduling.referrals.models import THERE, Referral, Round, Status
from scheduling.referrals.queries import get_referral, open_rounds
from scheduling.referrals.services.asking import end_question
from scheduling.referrals.services.keeping import lock_places, release
from scheduling.referrals.services.ladders import stop_ladders
from scheduling.referrals.services.opening import close_record
from scheduling.referrals.services.steps import take_step
from scheduling.referrals.services.telling import tell_hospital, tell_sender
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.core.reasons import checked_reason
from telemed.notifications.services import settle
from telemed.people.models import Role, User


def cancel(*, actor: User, referral_id: UUID, reason: str) -> Referral:
    """By the sending side, or by the patient; the place goes back."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    may = permissions.may_cancel(actor, referral)
    require(may, _("Only the sending side or the patient withdraws it."))
    if referral.status == Status.CANCELLED:
        return referral
    reason = checked_reason(reason, longest=200)
    if referral.status in (*THERE, Status.HANDED_BACK, Status.CLOSED):
        raise Conflict(_("The patient has arrived; it cannot be withdrawn."), path="status")
    withdraw(referral=referral, reason=reason[:200])
    if referral.appointment_id:
        appointments.call_off(appointment_id=referral.appointment_id)
    if actor.role == Role.RESIDENT:
        tell_sender(
            referral=referral,
            template="referral.cancelled",
            reason=reason,
        )
    return referral


def withdraw(*, referral: Referral, reason: str) -> None:
    """It is over, for whatever reason; those who were asked hear it (the caller holds the lock)."""
    require_intention()
    before = referral.status
    asked = open_rounds(referral)
    state = _("This referral is “{state}”; it can't be withdrawn.")
    referral.become(Status.CANCELLED, state.format(state=referral.get_status_display()))
    referral.ended_because, referral.ended_at = reason, moments.now()
    referral.save()
    _end(referral, asked, Round.Status.WITHDRAWN)
    take_step(referral=referral, action="referral.cancel", before=before, reason=reason)
    outbox.announce(ReferralCancelled(referral_id=referral.pk))
    for one in asked:
        tell_hospital(
            referral=referral,
            hospital=one.organisation,
            template="referral.cancelled",
            reason=reason,
        )


def expire(*, referral: Referral) -> None:
    """Nobody answered, to the end of the ladder (the caller holds the lock)."""
    require_intention()
    before = referral.status
    asked = open_rounds(referral)
    referral.become(Status.EXPIRED, _("This referral waits for no answer."))
    referral.ended_at = moments.now()
    referral.save()
    _end(referral, asked, Round.Status.LAPSED)
    take_step(referral=referral, action="referral.expire", before=before, by_system=True)
    outbox.announce(ReferralExpired(referral_id=referral.pk))
    template = "referral.down_expired" if referral.is_down else "referral.expired"
    tell_sender(referral=referral, template=template)
    for one in asked:
        tell_hospital(
            referral=referral,
            hospital=one.organisation,
            template="referral.declined",
            reason=_("no answer in time"),
        )


def _end(referral: Referral, asked: list[Round], status: Round.Status) -> None:
    end_question(referral=referral)
    lock_places(asked)
    for one in asked:
        release(one)
        if one.status == Round.Status.ASKED:
            one.status = status
        one.save()
        close_record(one=one)
    stop_ladders(referral=referral)
    settle(about=referral.pk)
