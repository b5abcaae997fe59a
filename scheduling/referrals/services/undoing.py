"""Taking back: a referral that nobody has seen yet, a place that was given."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments import services as appointments
from scheduling.referrals import permissions
from scheduling.referrals.models import Referral, Round, Status
from scheduling.referrals.policies import ACCEPT, ARRIVE
from scheduling.referrals.queries import get_referral
from scheduling.referrals.services.ladders import start_ladder, stop_ladders
from scheduling.referrals.services.leaving import withdraw
from scheduling.referrals.services.steps import take_step
from scheduling.referrals.services.telling import tell_patient, tell_sender
from telemed.core import moments
from telemed.core.clocks import restart_clocks
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.core.reasons import checked_reason
from telemed.people.models import User

UNDO = timedelta(minutes=2)  # of what was sent
AT_LEAST = timedelta(minutes=5)  # for the answer that is due again


def undo_send(*, actor: User, referral_id: UUID) -> Referral:
    """By the sending side, while nobody has seen it; afterwards it is withdrawn with a reason."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.is_sending(actor, referral), _("Only the sending side does this."))
    if referral.status == Status.CANCELLED:
        return referral
    if referral.status != Status.SENT:
        raise Conflict(_("It was answered already; it can only be withdrawn."), path="status")
    if is_seen(referral):
        sentence = _("The other side has opened it already; it can only be withdrawn.")
        raise Conflict(sentence, path="status")
    if not is_fresh(sent_at(referral)):
        raise Conflict(_("After two minutes it can only be withdrawn."), path="time")
    withdraw(referral=referral, reason=_("Sent by mistake"))
    return referral


def undo_accept(*, actor: User, referral_id: UUID, reason: str) -> Referral:
    """
    By who gives out the hospital's places, before the patient has arrived, with a reason.

    The visit or the bed is given up, and the department answers anew, in what time is left.
    """
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    may = permissions.may_undo_accept(actor, referral)
    require(may, _("The coordinators of the hospital take an acceptance back."))
    rounds = referral.rounds.select_for_update(no_key=True)
    one = rounds.filter(status=Round.Status.ACCEPTED).first()
    if referral.status == Status.SENT:
        return referral
    if referral.status != Status.ACCEPTED or referral.is_green or one is None:
        sentence = _("This referral is “{state}”; its acceptance cannot be taken back.")
        raise Conflict(sentence.format(state=referral.get_status_display()), path="status")
    reason = checked_reason(reason, longest=200)
    before, visit = referral.status, referral.appointment_id
    referral.become(Status.SENT, _("This referral waits for no answer."))
    referral.appointment, referral.expected_at, referral.place = None, None, ""
    referral.save()
    one.status, one.answered_by, one.answered_at = Round.Status.ASKED, None, None
    one.save()
    if visit:
        appointments.call_off(appointment_id=visit)
    stop_ladders(referral=referral, clocks=(ARRIVE,))
    if not restart_clocks(about=referral.pk, kind=ACCEPT, at_least=AT_LEAST):
        start_ladder(referral=referral, clock=ACCEPT)
    org = referral.organisation.name
    take_step(
        referral=referral, action="referral.undo_accept", before=before, org=org, reason=reason
    )
    tell_sender(referral=referral, template="referral.unaccepted", org=org)
    if visit is None:  # a visit that is called off is told by the booking
        tell_patient(referral=referral, template="referral.unaccepted", org=org)
    return referral


def sent_at(referral: Referral) -> datetime | None:
    """When it was last sent, to whomever."""
    rows = referral.steps.filter(action__in=["referral.send", "referral.send_again"])
    return rows.order_by("-at").values_list("at", flat=True).first()


def is_seen(referral: Referral) -> bool:
    """Whether anybody who may answer it has opened it."""
    return referral.rounds.filter(seen_at__isnull=False, status=Round.Status.ASKED).exists()


def is_fresh(at: datetime | None) -> bool:
    return at is not None and moments.now() - at <= UNDO
