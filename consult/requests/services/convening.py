"""
A joint consult (MDT) is set up: the coordinator names the doctors, the chair and one time for all.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.requests import permissions
from consult.requests.events import CaseRouted
from consult.requests.models import (
    HALF_HOUR,
    HELD,
    UNANSWERED,
    Case,
    Kind,
    Meeting,
    Offer,
    Side,
    Status,
)
from consult.requests.queries import get_case, live_meeting, specialists_of
from consult.requests.services.consenting import ask_for_fee
from consult.requests.services.joining import FEWEST, seat_taken, when_of
from consult.requests.services.ladders import settle_pauses, start_ladder, stop_ladders
from consult.requests.services.offers import withdraw_offer
from consult.requests.services.scheduling import check_time, drop_meetings, hold_time
from consult.requests.services.sending import why_not_ask
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from consult.requests.words import field_names
from telemed.core import outbox, publication
from telemed.core.clocks import find_next
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.organisations.models import Service, Specialty
from telemed.organisations.queries import find_agreement, why_no_agreement
from telemed.people.models import User

MOST = 8  # seats
AGENDA = 1000  # characters


def convene(
    *,
    actor: User,
    case_id: UUID,
    experts: Mapping[str, UUID],
    chair: str,
    starts_at: datetime,
    half_hours: int = 1,
    agenda: str = "",
) -> Case:
    """
    Invite a doctor of each specialty to one time; `chair` is the specialty whose doctor leads.

    Any consult that nobody holds yet may become a joint one, except an emergency. Everybody's
    time is kept from now on: Conflict where somebody has promised it. Sending the same plan again
    answers the present state.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.coordinates(actor, case), _("Your role here may not set up this consult."))
    doctors = _checked_seats(case, experts, chair)
    check_time(starts_at, half_hours)
    if case.is_joint and case.offers.filter(status__in=Offer.LIVE).exists():
        if _is_same(case, doctors, starts_at):
            return case
        message = _("The invitations are out; replace single experts on the page of the consult.")
        raise Conflict(message, path="status")
    _must_be_open_to_it(case)
    before, single = case.status, not case.is_joint
    _release_who_was_asked(case)
    case.kind = Kind.MDT
    case.further = [name for name in doctors if name != case.specialty]
    case.agenda = _checked_agenda(agenda)
    case.agreement = find_agreement(case.asking, case.addressee, Service.MDT)
    if case.status == Status.SUBMITTED:
        case.become(Status.ROUTED, _("This consult is no longer waiting for an answer."))
    case.save(update_fields=["kind", "further", "agenda", "agreement", "status"])
    stop_ladders(case=case, clocks=("case.accept", "case.triage"))
    if single:
        _ask_for_its_fee(case)
    if find_next(case.pk, "case.schedule") is None:
        start_ladder(case=case, clock="case.schedule")
    offers = [
        _seat(case, doctor, specialty, chairs=specialty == chair, by=actor)
        for specialty, doctor in doctors.items()
    ]
    drop_meetings(case=case)
    meeting = Meeting.objects.create(
        case=case,
        starts_at=starts_at,
        ends_at=starts_at + half_hours * HALF_HOUR,
        side=Side.ANSWERING,
        proposed_by=actor,
    )
    hold_time(case=case, meeting=meeting)
    when = when_of(meeting)
    take_step(
        case=case,
        action="case.convene",
        before=before,
        turned=single,
        time=when,
        chair=doctors[chair].name,
        experts=[doctor.name for name, doctor in doctors.items() if name != chair],
    )
    outbox.announce(CaseRouted(case_id=case.pk))
    for offer in offers:
        _invite(case, offer, meeting)
    settle_pauses(case=case)
    tell(
        case=case,
        recipient=case.requester,
        template="case.proposed",
        who=actor.name,
        time=when,
    )
    return case


def replace_expert(*, actor: User, case_id: UUID, offer_id: UUID, doctor_id: UUID) -> Offer:
    """
    Invite another doctor to a seat that is not taken; everybody else keeps their time.

    Who was invited first and has not answered may still: the first of them to accept has the
    seat. Raises Conflict where the seat is taken, or the doctor busy at the time of the meeting.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.coordinates(actor, case), _("Your role here may not set up this consult."))
    former = case.offers.select_related("doctor").filter(pk=offer_id).first()
    if former is None or not case.is_joint:
        raise NotFound(_("There is no such seat."), path="offer")
    if case.status not in (*UNANSWERED, *HELD):
        raise Conflict(_("The opinion is signed; amend it instead."), path="status")
    if known := case.offers.filter(doctor=doctor_id, status__in=Offer.LIVE).first():
        if known.specialty == former.specialty and known.assigned_by_id == actor.pk:
            return known
        raise Conflict(_("This doctor was asked already."), path="doctor")
    taken = case.offers.filter(specialty=former.specialty, status=Offer.Status.ACCEPTED).first()
    if taken:
        raise seat_taken(taken)
    doctor = _checked_doctor(case, former.specialty, doctor_id)
    before = case.status
    if case.status == Status.SUBMITTED:
        case.become(Status.ROUTED, _("This consult is no longer waiting for an answer."))
        case.save(update_fields=["status"])
    chairs = former.role == Offer.Role.LEAD
    offer = _seat(case, doctor, former.specialty, chairs=chairs, by=actor)
    meeting = live_meeting(case)
    if meeting:
        hold_time(case=case, meeting=meeting, people=[doctor])
    take_step(
        case=case,
        action="offer.replace",
        before=before,
        doctor=doctor.name,
        former=former.doctor.name,
    )
    _invite(case, offer, meeting)
    settle_pauses(case=case)
    return offer


def _checked_seats(case: Case, experts: Mapping[str, UUID], chair: str) -> dict[str, User]:
    """A doctor for each specialty. Raises Invalid saying what is wrong with the choice."""
    if unknown := set(experts) - set(Specialty.values):
        raise Invalid(_("Choose one of the values offered."), path=f"doctor-{unknown.pop()}")
    if len(experts) < FEWEST:
        message = ngettext(
            "A joint consult needs doctors of at least {n} specialty.",
            "A joint consult needs doctors of at least {n} specialties.",
            FEWEST,
        )
        raise Invalid(message.format(n=FEWEST), path="specialties")
    if len(experts) > MOST:
        raise Invalid(_("At most {n} at once.").format(n=MOST), path="specialties")
    if chair not in experts:
        raise Invalid(_("Say which of the doctors takes the chair."), path="chair")
    doctors = {name: _checked_doctor(case, name, key) for name, key in experts.items()}
    seen: set[UUID] = set()
    for name, doctor in doctors.items():
        if doctor.pk in seen:
            message = _("{who} is chosen twice; each specialty needs a doctor of its own.")
            raise Invalid(message.format(who=doctor.name), path=f"doctor-{name}")
        seen.add(doctor.pk)
    return doctors


def _checked_doctor(case: Case, specialty: str, doctor_id: UUID) -> User:
    path = f"doctor-{specialty}"
    doctor = specialists_of(case.addressee).filter(pk=doctor_id).first()
    if doctor is None:
        message = _("This doctor is no specialist of {org}; choose one from the list.")
        raise Invalid(message.format(org=case.addressee.name), path=path)
    if why := why_not_ask(doctor, case, specialty):
        message = _("{who} cannot accept: {why}").format(who=doctor.name, why=why)
        raise Conflict(message, path=path)
    return doctor


def _checked_agenda(text: str) -> str:
    if "\x00" in text:
        raise Invalid(_("This can't be kept as text."), path="agenda")
    if len(text) > AGENDA:
        message = _("At most {limit} characters; this has {count}.")
        raise Invalid(message.format(limit=AGENDA, count=len(text)), path="agenda")
    return text.strip()


def _must_be_open_to_it(case: Case) -> None:
    if case.is_emergency:
        message = _("An emergency is answered first; ask for a joint consult afterwards.")
        raise Conflict(message, path="kind")
    if case.status not in UNANSWERED:
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    if case.missing:
        names = field_names(case.missing)
        raise Invalid(_("Still missing: {fields}.").format(fields=names), path=case.missing[0])
    if why := why_no_agreement(case.asking, case.addressee, Service.MDT):
        raise Conflict(why, path="agreement")


def _ask_for_its_fee(case: Case) -> None:
    """The consent named the fee of one doctor's answer."""
    fee = case.agreement.price_of(Service.MDT) if case.agreement else 0
    if case.consent and case.consent.fee_shown != fee:
        ask_for_fee(case=case, fee=fee, template="case.new_fee")


def _is_same(case: Case, doctors: Mapping[str, User], starts_at: datetime) -> bool:
    """The same plan sent again, because its answer was lost."""
    live = case.offers.filter(status__in=Offer.LIVE).values_list("specialty", "doctor")
    meeting = live_meeting(case)
    same = {name: doctor.pk for name, doctor in doctors.items()} == dict(live)
    return same and meeting is not None and meeting.starts_at == starts_at


def _release_who_was_asked(case: Case) -> None:
    """Those who were asked before it became a joint consult; who sits in it is invited anew."""
    for offer in case.offers.filter(status__in=Offer.WAITING).select_related("doctor"):
        withdraw_offer(offer)


def _seat(case: Case, doctor: User, specialty: str, *, chairs: bool, by: User) -> Offer:
    twice = Conflict(_("This doctor was asked already."), path=f"doctor-{specialty}")
    with refusing(one_live_offer_a_doctor=twice):
        return Offer.objects.create(
            case=case,
            doctor=doctor,
            organisation=case.addressee,
            role=Offer.Role.LEAD if chairs else Offer.Role.EXPERT,
            specialty=specialty,
            assigned_by=by,
        )


def _invite(case: Case, offer: Offer, meeting: Meeting | None) -> None:
    publication.publish(offer)
    start_ladder(case=case, clock="offer.accept", about=offer.pk)
    chairs = offer.role == Offer.Role.LEAD
    tell(
        case=case,
        recipient=offer.doctor,
        template="case.chair" if chairs else "case.invited",
        time=when_of(meeting) if meeting else "–",
    )
