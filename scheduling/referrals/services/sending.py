"""Sending a patient: who may, the agreement, what the patient said, the place that is kept."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from records.consent.models import Consent
from records.mpi.models import OF_AGE, Patient
from records.mpi.queries import guardians_of
from scheduling.referrals import permissions
from scheduling.referrals.events import ReferralSent
from scheduling.referrals.models import (
    Agreed,
    Direction,
    PlanItem,
    Referral,
    Relation,
    Round,
    Status,
    Urgency,
)
from scheduling.referrals.policies import ACCEPT, LONGEST_REASON
from scheduling.referrals.queries import find_referral, get_referral, has_died
from scheduling.referrals.services.handing_over import HandOver, write_down
from scheduling.referrals.services.keeping import keep_place
from scheduling.referrals.services.ladders import start_ladder
from scheduling.referrals.services.opening import open_record
from scheduling.referrals.services.steps import next_number, take_step
from scheduling.referrals.services.telling import doctors_of, tell, tell_hospital
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.reasons import checked_reason
from telemed.organisations.models import Agreement, Department, Organisation
from telemed.organisations.queries import find_agreement, why_no_agreement
from telemed.people.models import User

TWICE = timedelta(minutes=2)  # the same button pressed again
UNDER = 14  # a guardian speaks (PIPL article 28)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the form says."""

    department_id: UUID
    reason: str
    summary: str = ""
    urgency: str = Urgency.ROUTINE
    keeps_place: bool = True
    agreed: str = Agreed.TOLD
    agreed_by: str = Relation.SELF
    agreed_note: str = ""


def send(*, actor: User, patient: Patient, wish: Wish) -> Referral:
    """
    From the patient's page or a visit. Sending the same again answers the present state.

    Raises NotFound for a record that is not to be known, Invalid, or Conflict: no agreement is in
    force, the same referral is open.
    """
    require_intention()
    if not access.decide(actor, "read", patient).allowed:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Patient/{patient.pk}")
    may = permissions.may_refer(actor, patient)
    require(may, _("Only a doctor who treats the patient refers them."))
    return refer(sender=actor, sending=actor.acting_organisation, patient=patient, wish=wish)


def refer(
    *,
    sender: User,
    sending: Organisation,
    patient: Patient,
    wish: Wish,
    from_case: UUID | None = None,
    consent: Consent | None = None,
    purpose: str = "",
    hand_over: HandOver | None = None,
) -> Referral:
    """
    For a slice above that has checked who may: a consult that becomes a referral, in its intention.

    `sender` has the duties of the sending side from then on. With `purpose` and `hand_over` it
    leads down to a clinic.
    """
    require_intention()
    patient = patient.merged_into or patient
    require(patient.deceased_on is None, _("This person has died."))
    department = _department(wish.department_id)
    _check_words(wish, patient, consent)
    open_one = find_referral(patient.pk, department.pk)
    if open_one and _is_again(open_one, sender, wish):
        return open_one
    if open_one:
        raise already_open()
    down = Direction.DOWN if hand_over else Direction.UP
    agreement = agreement_with(sending, department.organisation, down)
    referral = Referral(
        direction=down,
        purpose=purpose,
        patient=patient,
        person_key=patient.pk,
        sending=sending,
        sender=sender,
        organisation=department.organisation,
        department=department,
        reason=wish.reason.strip(),
        summary=wish.summary.strip(),
        urgency=wish.urgency,
        from_case=from_case,
        agreement=agreement,
        agreed=wish.agreed,
        agreed_by=wish.agreed_by,
        agreed_note=wish.agreed_note.strip(),
        consent=consent if wish.agreed == Agreed.SIGNED else None,
    )
    plan = write_down(referral, hand_over) if hand_over else []
    referral.number = next_number()
    with refusing(one_open_referral_of_a_kind=already_open()):
        referral.save(force_insert=True)
    PlanItem.objects.bulk_create(plan)
    start_ladder(referral=referral, clock=ACCEPT)
    keeps = wish.keeps_place and not referral.is_down
    ask_department(referral=referral, department=department, keeps_place=keeps)
    take_step(
        referral=referral,
        action="referral.send",
        before="",
        **_where(department),
        agreed=wish.agreed,
    )
    outbox.announce(ReferralSent(referral_id=referral.pk))
    tell_asked(referral=referral, department=department)
    return referral


def send_again(
    *, actor: User, referral_id: UUID, department_id: UUID, keeps_place: bool = True
) -> Referral:
    """After a refusal: the next hospital is asked, as another round of the same referral."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.is_sending(actor, referral), _("Only the sending side does this."))
    department = _department(department_id)
    if referral.status == Status.SENT and referral.department_id == department.pk:
        return referral
    if referral.status != Status.DECLINED:
        raise Conflict(_("Only a declined referral is sent on."), path="status")
    require(not has_died(referral), _("This person has died."))
    if find_referral(referral.person_key, department.pk):
        raise already_open()
    before = referral.status
    referral.agreement = agreement_with(
        referral.sending, department.organisation, referral.direction
    )
    referral.become(Status.SENT, _("Only a declined referral is sent on."))
    referral.organisation, referral.department = department.organisation, department
    with refusing(one_open_referral_of_a_kind=already_open()):
        referral.save()
    start_ladder(referral=referral, clock=ACCEPT)
    keeps = keeps_place and not referral.is_down
    ask_department(referral=referral, department=department, keeps_place=keeps)
    take_step(referral=referral, action="referral.send_again", before=before, **_where(department))
    outbox.announce(ReferralSent(referral_id=referral.pk))
    tell_asked(referral=referral, department=department)
    return referral


def ask_department(*, referral: Referral, department: Department, keeps_place: bool) -> Round:
    """One more round: the department may answer and read the record; a place is kept if any."""
    require_intention()
    last = referral.rounds.order_by("-number").values_list("number", flat=True).first() or 0
    period, pool = keep_place(department) if keeps_place else (None, "")
    one = Round.objects.create(
        referral=referral,
        number=last + 1,
        organisation=department.organisation,
        department=department,
        period=period,
        pool=pool,
    )
    referral.rounds_asked = last + 1
    referral.save(update_fields=["rounds_asked"])
    open_record(referral=referral, one=one)
    return one


def tell_asked(*, referral: Referral, department: Department) -> None:
    tell_hospital(referral=referral, hospital=department.organisation, template="referral.sent")
    for doctor in doctors_of(department):
        tell(referral=referral, recipient=doctor, template="referral.sent")


def agreement_with(
    sending: Organisation, hospital: Organisation, direction: str = Direction.UP
) -> Agreement:
    """
    In force today between the two. Raises Conflict with the reason why not.

    Down it is the same agreement, by which the clinic sends to the hospital.
    """
    if hospital.pk == sending.pk:
        raise Invalid(_("A referral goes to another institution."), path="department")
    if direction == Direction.DOWN:
        agreement = find_agreement(hospital, sending)
        if agreement is None:
            message = _("{org} has no agreement with your hospital today. Choose another clinic.")
            raise Conflict(message.format(org=hospital.name), path="department")
        return agreement
    agreement = find_agreement(sending, hospital)
    if agreement is None:
        why = why_no_agreement(sending, hospital, "consult")
        message = _("No agreement with {org} is in force today. Ask another hospital.")
        raise Conflict(why or message.format(org=hospital.name), path="department")
    return agreement


def already_open() -> Conflict:
    return Conflict(_("The same referral is already open."), path="department")


def _where(department: Department) -> dict[str, Any]:
    return {"org": department.organisation.name, "department": department.name}


def _department(department_id: UUID) -> Department:
    there = Department.objects.filter(pk=department_id, organisation__active=True)
    department = there.select_related("organisation").first()
    if department is None:
        raise Invalid(_("Choose a department from the list."), path="department")
    return department


def _is_again(referral: Referral, sender: User, wish: Wish) -> bool:
    same = referral.sender_id == sender.pk and referral.reason == wish.reason.strip()
    return same and moments.now() - referral.created_at <= TWICE


def _check_words(wish: Wish, patient: Patient, consent: Consent | None) -> None:
    checked_reason(wish.reason, longest=LONGEST_REASON)
    _check_agreed(wish, patient, consent)


def _check_agreed(wish: Wish, patient: Patient, consent: Consent | None) -> None:
    """Told and agreed, signed with the consult, or an emergency that says why nobody was asked."""
    if wish.agreed == Agreed.EMERGENCY:
        if wish.urgency != Urgency.URGENT:
            raise Invalid(_("Only an urgent referral may go before consent."), path="agreed")
        checked_reason(wish.agreed_note, longest=200, path="agreed_note")
        return
    if wish.agreed == Agreed.SIGNED:
        if consent is None or consent.given_at is None or consent.withdrawn_at:
            raise Invalid(_("There is no valid consent; it cannot be sent."), path="agreed")
        return
    age = patient.age_on()
    if wish.agreed_by == Relation.GUARDIAN:
        guardians = [row for row in guardians_of(patient) if row.is_guardian or age is None]
        if age is not None and age >= OF_AGE and not guardians:
            raise Invalid(_("Over 18: the person must do this."), path="agreed_by")
        if not guardians:
            raise Invalid(_("No guardianship on record."), path="agreed_by")
    elif age is not None and age < UNDER:
        raise Invalid(_("Under 14 a registered guardian decides."), path="agreed_by")
