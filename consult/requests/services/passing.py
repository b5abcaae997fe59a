"""Nobody of the asked hospital can: the case goes on to another one, or up to who looks for one."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.models import Case, Kind, Offer, Question, Status
from consult.requests.policies import REASON
from consult.requests.queries import coordinators_of, get_case, is_dearer, specialists_of
from consult.requests.services.coordinating import is_late
from consult.requests.services.ladders import settle_pauses, start_ladder, stop_ladders
from consult.requests.services.offers import withdraw_offer
from consult.requests.services.questioning import end_questions
from consult.requests.services.rising import let_know
from consult.requests.services.sending import why_not_ask
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.organisations.models import Agreement, Organisation
from telemed.organisations.queries import find_agreement, why_no_agreement
from telemed.people.models import User


def pass_on(*, actor: User, case_id: UUID, hospital_id: UUID, doctor_id: UUID, reason: str) -> Case:
    """
    Another hospital is asked instead, beginning with one of its doctors, who may accept or not.

    Its agreement with the asking institution holds from now on, price and shares included. Who was
    asked before is asked no more. Sending the same again answers the present state.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.looks_for_somebody(actor, case), _("Your role here may not pass this on."))
    if case.asked_id == hospital_id and _was_asked(case, doctor_id):
        return case
    if not permissions.may_pass_on(actor, case):
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    reason = reason.strip()[:200]
    if len(reason) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="reason")
    hospital, agreement = _under_agreement(case, hospital_id)
    doctor = specialists_of(hospital).filter(pk=doctor_id).first()
    if doctor is None:
        raise Invalid(_("Choose a doctor from the list."), path="doctor")
    former, before = case.addressee, case.status
    case.asked, case.agreement = hospital, agreement
    if why := why_not_ask(doctor, case):
        message = _("{who} cannot accept: {why}").format(who=doctor.name, why=why)
        raise Conflict(message, path="doctor")
    if case.kind == Kind.NAMED:
        case.kind = Kind.SINGLE  # the doctor named works at the hospital that was asked
    if case.status == Status.SUBMITTED:
        case.become(Status.ROUTED, _("This consult is no longer waiting for an answer."))
    case.save(update_fields=["asked", "agreement", "kind", "status"])
    let_know(case=case, organisation=former)
    released = _release(case)
    offer = Offer.objects.create(case=case, doctor=doctor, organisation=hospital, assigned_by=actor)
    _give_time(case)
    take_step(
        case=case,
        action="case.pass_on",
        before=before,
        org=hospital.name,
        old=former.name,
        reason=reason,
        doctor=doctor.name,
    )
    publication.publish(offer)
    _tell_everybody(case, actor, former, released, reason)
    tell(case=case, recipient=doctor, template=_invitation(case), who=actor.name)
    return case


def _under_agreement(case: Case, hospital_id: UUID) -> tuple[Organisation, Agreement]:
    """The hospital and the agreement that lets it be asked, at no higher price than agreed to."""
    hospital = Organisation.objects.filter(pk=hospital_id, active=True).first()
    if hospital is None or hospital.pk in (case.asking_id, case.asked_id):
        raise Invalid(_("Choose a hospital from the list."), path="hospital")
    agreement = find_agreement(case.asking, hospital, case.service)
    if agreement is None:
        raise Conflict(why_no_agreement(case.asking, hospital, case.service), path="hospital")
    if is_dearer(case, agreement):
        message = _(
            "{org} costs {fee} yuan; the patient agreed to {old}. {clinic} has to ask for consent "
            "first."
        )
        price = agreement.price_of(case.service) / 100
        raise Conflict(
            message.format(
                org=hospital.name, fee=f"{price:g}", old=case.old_fee, clinic=case.asking.name
            ),
            path="hospital",
        )
    return hospital, agreement


def _was_asked(case: Case, doctor_id: UUID) -> bool:
    return case.offers.filter(doctor=doctor_id, status__in=Offer.LIVE).exists()


def _release(case: Case) -> list[User]:
    """Who was asked before is asked no more, wherever they work; their questions go with them."""
    released = []
    for offer in case.offers.filter(status__in=Offer.WAITING).select_related("doctor"):
        withdraw_offer(offer)
        end_questions(case=case, status=Question.Status.WITHDRAWN, asked_by=offer.doctor)
        released.append(offer.doctor)
    return released


def _give_time(case: Case) -> None:
    """Time that is over is given anew to the hospital that has it now; what runs, runs on."""
    stop_ladders(case=case, clocks=("case.triage",))
    if is_late(case):
        stop_ladders(case=case, clocks=("case.accept",))
        start_ladder(case=case, clock="case.accept")
    settle_pauses(case=case)


def _invitation(case: Case) -> str:
    return "case.emergency" if case.is_emergency else "case.assigned"


def _tell_everybody(
    case: Case, actor: User, former: Organisation, released: list[User], reason: str
) -> None:
    """Whom it leaves, whom it comes to, and who asked."""
    new, old = coordinators_of(case.addressee), coordinators_of(former)
    people = {person.pk: person for person in (case.requester, *new, *old, *released)}
    people.pop(actor.pk, None)
    for person in people.values():
        tell(
            case=case,
            recipient=person,
            template="case.passed_on",
            who=case.addressee.name,
            reason=reason,
        )
