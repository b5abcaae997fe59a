"""Arriving at the hospital, or not: seen by the desk, and answered for by the sender."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments import services as appointments
from scheduling.referrals import permissions
from scheduling.referrals.events import ReferralArrived, ReferralMissed
from scheduling.referrals.models import THERE, WAITED_FOR, Answer, Referral, Status
from scheduling.referrals.policies import ARRIVE, HAND_BACK, PLAN
from scheduling.referrals.queries import (
    find_by_appointment,
    get_referral,
    has_died,
    lock_referral,
)
from scheduling.referrals.services.dying import end_locked
from scheduling.referrals.services.ladders import start_ladder, stop_ladders
from scheduling.referrals.services.leaving import withdraw
from scheduling.referrals.services.steps import take_step
from scheduling.referrals.services.telling import tell_hospital, tell_sender
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle
from telemed.people.models import User


def arrive(*, actor: User, referral_id: UUID, number: str = "") -> Referral:
    """
    At the desk of the hospital, for who was given a bed; the last four digits of the ID must agree.

    Who has a visit is checked in as everybody: the referral hears of it.
    """
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    may = permissions.checks_in(actor, referral) or permissions.treats(actor, referral)
    require(may, _("The desk of the hospital does this."))
    if referral.status in THERE:
        return referral
    if referral.status not in WAITED_FOR:
        raise Conflict(_no_arrival(referral), path="status")
    if referral.appointment and referral.appointment.is_coming:
        raise Conflict(_("This patient has a visit: check it in."), path="appointment")
    tail = referral.patient.id_card_tail
    if tail and number.strip().upper()[-4:] != tail:
        raise Invalid(_("The ID does not match the referral."), path="number")
    arrive_now(referral)
    return referral


def mark_arrived(*, appointment_id: UUID) -> None:
    """The visit of a referral was checked in; heard twice, it has arrived already."""
    require_intention()
    referral_id = find_by_appointment(appointment_id)
    if referral_id is None:
        return
    referral = lock_referral(referral_id)
    if referral.status in WAITED_FOR:
        arrive_now(referral)


def arrive_now(referral: Referral) -> None:
    """Whoever saw it: the desk, the check-in of the visit, or a stamp (the caller has the lock)."""
    before = referral.status
    referral.become(Status.ARRIVED, _no_arrival(referral))
    referral.arrived_at, referral.answer = moments.now(), ""
    referral.save()
    stop_ladders(referral=referral, clocks=(ARRIVE,))
    start_ladder(referral=referral, clock=PLAN if referral.is_down else HAND_BACK)
    settle(about=referral.pk)
    there: dict[str, Any] = {"org": referral.organisation.name} if referral.is_down else {}
    take_step(referral=referral, action="referral.arrive", before=before, **there)
    outbox.announce(ReferralArrived(referral_id=referral.pk))
    tell_sender(referral=referral, template="referral.arrived")


def miss(*, referral: Referral) -> None:
    """
    Some time after the hour (the caller holds the lock): now the sender has to find out why. Of a
    green patient the slice above tells both sides.
    """
    require_intention()
    before = referral.status
    referral.become(Status.NOT_ARRIVED, _no_arrival(referral))
    referral.save()
    stop_ladders(referral=referral, clocks=(ARRIVE,))
    take_step(referral=referral, action="referral.miss", before=before, by_system=True)
    outbox.announce(ReferralMissed(referral_id=referral.pk))
    if not referral.is_green:
        tell_sender(referral=referral, template="referral.missed")


def answer_missed(
    *,
    actor: User,
    referral_id: UUID,
    answer: str,
    expected_at: datetime | None = None,
    note: str = "",
) -> Referral:
    """Coming at another time, or why not: what the sender found out."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    may = permissions.may_answer_missed(actor, referral)
    require(may, _("Only the sending side answers this."))
    if referral.answer == answer and referral.status != Status.NOT_ARRIVED:
        return referral
    if referral.status != Status.NOT_ARRIVED:
        raise Conflict(_("This patient is not missed."), path="status")
    if answer not in Answer.values:
        raise Invalid(_("Choose what became of the patient."), path="answer")
    referral.answer = answer
    if answer != Answer.COMING:
        said = str(Answer(answer).label)
        withdraw(referral=referral, reason=f"{said} {note.strip()}".strip()[:200])
        return referral
    require(not has_died(referral), _("This person has died."))
    if expected_at is None:
        raise Invalid(_("Say when the patient comes."), path="expected_at")
    if expected_at <= moments.now():
        raise Invalid(_("That time has passed."), path="expected_at")
    before = referral.status
    referral.become(Status.ACCEPTED, _no_arrival(referral))
    referral.save()
    expect(referral, expected_at)
    time = when(expected_at)
    take_step(referral=referral, action="referral.coming", before=before, time=time)
    tell_hospital(
        referral=referral, hospital=referral.organisation, template="referral.moved", time=time
    )
    return referral


def note_moved(*, appointment_id: UUID) -> None:
    """The visit of a referral was moved: it is expected then."""
    require_intention()
    referral_id = find_by_appointment(appointment_id)
    if referral_id is None:
        return
    referral = lock_referral(referral_id)
    visit = referral.appointment
    if visit is None or referral.status not in WAITED_FOR:
        return
    if referral.expected_at == visit.during.lower:
        return
    before = referral.status
    if referral.status == Status.NOT_ARRIVED:
        referral.become(Status.ACCEPTED, _no_arrival(referral))
        referral.save()
    expect(referral, visit.during.lower)
    time = when(visit.during.lower)
    take_step(referral=referral, action="referral.move", before=before, time=time)
    tell_sender(referral=referral, template="referral.moved", time=time)


def note_visit_gone(*, appointment_id: UUID) -> None:
    """The visit of a referral was cancelled, which does not end it: both sides hear that."""
    require_intention()
    referral_id = find_by_appointment(appointment_id)
    if referral_id is None:
        return
    referral = lock_referral(referral_id)
    if referral.status not in WAITED_FOR:
        return
    if has_died(referral):  # heard before the death was
        end_locked(referral)
        return
    referral.appointment = None
    referral.save(update_fields=["appointment"])
    take_step(referral=referral, action="referral.visit_gone")
    tell_sender(referral=referral, template="referral.unbooked")
    tell_hospital(referral=referral, hospital=referral.organisation, template="referral.unbooked")


def expect(referral: Referral, at: datetime) -> None:
    """Anew, at that time (the caller holds the lock)."""
    visit = referral.appointment
    if visit and visit.during.lower != at:  # it comes at another time, without that visit
        appointments.call_off(appointment_id=visit.pk)
        referral.appointment = None
    referral.expected_at = at
    referral.save(update_fields=["expected_at", "appointment"])
    stop_ladders(referral=referral, clocks=(ARRIVE,))
    start_ladder(referral=referral, clock=ARRIVE, since=at)


def when(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"


def _no_arrival(referral: Referral) -> str:
    sentence = _("This referral is “{state}”; nobody is expected.")
    return sentence.format(state=referral.get_status_display())
