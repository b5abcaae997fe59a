"""
A referral by green channel, for the slice above that keeps its time: the system accepts at once.

Nobody may decline it. A place is named by the department itself, no clock of the first answer runs.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.appointments import services as appointments
from scheduling.referrals import permissions
from scheduling.referrals.events import ReferralAccepted, ReferralSent
from scheduling.referrals.models import (
    THERE,
    WAITED_FOR,
    Agreed,
    Referral,
    Round,
    Status,
    Urgency,
)
from scheduling.referrals.policies import ARRIVE, on_the_way
from scheduling.referrals.queries import find_referral
from scheduling.referrals.services.arriving import arrive_now, expect, when
from scheduling.referrals.services.ladders import start_ladder
from scheduling.referrals.services.leaving import withdraw
from scheduling.referrals.services.opening import close_record, open_record
from scheduling.referrals.services.sending import already_open, ask_department
from scheduling.referrals.services.steps import next_number, take_step
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.organisations.models import Department, Organisation
from telemed.organisations.queries import find_agreement
from telemed.people.models import User


def send_green(
    *,
    sender: User,
    sending: Organisation,
    patient: Patient,
    department: Department,
    reason: str,
    summary: str = "",
) -> Referral:
    """
    Sent and accepted in one step, with or without an agreement (the caller has checked who may).

    What was on its way to the same department gives way. Raises Conflict for who is there already.
    """
    require_intention()
    patient = patient.merged_into or patient
    require(patient.deceased_on is None, _("This person has died."))
    if department.organisation_id == sending.pk:
        raise Invalid(_("A referral goes to another institution."), path="department")
    _give_way(patient, department)
    with refusing(one_open_referral_of_a_kind=already_open()):
        referral = Referral.objects.create(
            number=next_number(),
            status=Status.ACCEPTED,
            patient=patient,
            person_key=patient.pk,
            sending=sending,
            sender=sender,
            organisation=department.organisation,
            department=department,
            reason=reason,
            summary=summary,
            urgency=Urgency.GREEN,
            agreement=find_agreement(sending, department.organisation),
            agreed=Agreed.EMERGENCY,
            agreed_note=_("Green channel: treatment first"),
            expected_at=moments.now() + on_the_way(department.organisation_id),
        )
    start_ladder(referral=referral, clock=ARRIVE, since=referral.expected_at)
    one = ask_department(referral=referral, department=department, keeps_place=False)
    one.status, one.answered_at = Round.Status.ACCEPTED, moments.now()
    one.save()
    note(referral, "green.open", before="", **_where(department))
    outbox.announce(ReferralSent(referral_id=referral.pk))
    outbox.announce(ReferralAccepted(referral_id=referral.pk))
    return referral


def note(referral: Referral, action: str, *, publish: bool = True, **facts: Any) -> None:
    """One line of the time line that is common to both sides."""
    require_intention()
    take_step(referral=referral, action=action, publish=publish, **facts)


def call_next(*, referral: Referral, department: Department) -> Round:
    """The next hospital is called, too: whoever acknowledges first has the patient."""
    require_intention()
    one = ask_department(referral=referral, department=department, keeps_place=False)
    note(referral, "green.widen", by_system=True, **_where(department))
    return one


def take_green(*, actor: User, referral: Referral) -> bool:
    """
    This person's department has the patient from now on; whether it may (the caller has the lock).

    Where another one was called, too, whoever comes first has the patient; the others are released.
    """
    require_intention()
    rounds = list(
        referral.rounds.select_for_update(of=["self"], no_key=True)
        .filter(status__in=[Round.Status.ASKED, Round.Status.ACCEPTED])
        .select_related("organisation", "department")
        .order_by("number")
    )
    mine = next((one for one in rounds if permissions.may_answer(actor, one)), None)
    if mine is None:
        return False
    for one in rounds:
        if one.pk != mine.pk:
            one.status = Round.Status.WITHDRAWN
            one.save()
            close_record(one=one)
    mine.status, mine.answered_by, mine.answered_at = Round.Status.ACCEPTED, actor, moments.now()
    mine.save()
    referral.organisation, referral.department = mine.organisation, mine.department
    with refusing(one_open_referral_of_a_kind=already_open()):
        referral.save()
    open_record(referral=referral, one=mine)  # whoever joined the department since
    return True


def expect_green(*, referral: Referral, left_at: datetime) -> None:
    """The patient has left the clinic: the time for the road counts from there (as above)."""
    require_intention()
    at, before = left_at + on_the_way(referral.organisation_id), referral.status
    if before not in WAITED_FOR or at <= moments.now():
        return
    referral.status = Status.ACCEPTED
    referral.save(update_fields=["status"])
    expect(referral, at)
    if before == Status.NOT_ARRIVED:
        take_step(referral=referral, action="referral.coming", before=before, time=when(at))


def arrive_green(*, referral: Referral) -> None:
    """The patient is at the door; the caller holds the lock. Heard twice, nothing happens."""
    require_intention()
    if referral.status in WAITED_FOR:
        arrive_now(referral)


def withdraw_green(*, referral: Referral, reason: str) -> None:
    require_intention()
    withdraw(referral=referral, reason=reason)


def _give_way(patient: Patient, department: Department) -> None:
    """An emergency waits for no other referral of the same person."""
    before = find_referral(patient.pk, department.pk)
    if before is None:
        return
    before = Referral.objects.select_for_update(no_key=True).get(pk=before.pk)
    if before.is_green or before.status in THERE:
        raise Conflict(_("The patient is expected there already: {no}.").format(no=before.number))
    withdraw(referral=before, reason=_("A green channel was opened instead"))
    if before.appointment_id:
        appointments.call_off(appointment_id=before.appointment_id)


def _where(department: Department) -> dict[str, Any]:
    return {"org": department.organisation.name, "department": department.name}
