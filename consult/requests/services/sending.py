"""Sending a case: checked against the law and the agreement, then routed at once."""

import secrets
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions, policies, roomport
from consult.requests.events import CaseRouted
from consult.requests.models import Case, Kind, NumberLane, Offer, Status
from consult.requests.policies import MAX_OFFERS
from consult.requests.queries import (
    HOLDING,
    asked_by,
    calling_order,
    coordinators_of,
    get_case,
    is_at_desk,
    specialists_of,
    why_not_answer,
)
from consult.requests.queries import next_hospitals as others_to_ask
from consult.requests.services.consenting import why_consent_fails
from consult.requests.services.ladders import start_ladder, stop_ladders
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from consult.requests.words import field_names
from telemed.core import outbox, publication
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.organisations.models import Organisation
from telemed.organisations.queries import find_agreement, why_no_agreement
from telemed.people.licences import is_village_doctor
from telemed.people.models import User


@dataclass(frozen=True)
class _Candidate:
    """Who may be asked, and what puts one before another; `place` in the calling order, if any."""

    doctor: User
    place: int | None
    at_desk: bool
    holding: int

    @property
    def rank(self) -> tuple[float, bool, int]:
        return (inf if self.place is None else self.place, not self.at_desk, self.holding)

    @property
    def why(self) -> dict[str, Any]:
        """What the time line keeps of the choice."""
        place = {} if self.place is None else {"place": self.place + 1}
        return {
            "doctor": self.doctor.name,
            **place,
            "at_desk": self.at_desk,
            "holding": self.holding,
        }


def submit_case(*, actor: User, case_id: UUID) -> Case:
    """
    Send it. Sending again answers the present state.

    Raises Invalid naming what is missing, Conflict when no agreement is in force today.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Your role here may not send this request."))
    if case.status not in (Status.DRAFT, Status.CANCELLED):
        return case
    _check_sender(actor, case)
    if case.status == Status.CANCELLED:
        raise Conflict(_("This request can't be sent any more."), path="status")
    _check(case)
    case.number = case.number or _next_number()  # taken back and sent again, it is the same case
    before = case.status
    case.become(Status.SUBMITTED, _("This request can't be sent any more."))
    case.save()
    stop_clocks(about=case.pk, kind="case.draft")
    take_step(case=case, action="case.submit", before=before, **_choice(case))
    if not case.is_joint:  # there each doctor has a clock of their own, once they are invited
        start_ladder(case=case, clock="case.accept")
    if case.is_emergency:
        start_ladder(case=case, clock="case.in_room")
        roomport.open_ahead(case, tell=False)
    if case.consent_is_due:
        start_ladder(case=case, clock="case.consent")
    if case.is_joint:
        start_ladder(case=case, clock="case.schedule")
        for coordinator in coordinators_of(case.addressee):
            tell(case=case, recipient=coordinator, template="case.convene")
        return case
    if policies.needs_triage(case.asked_id) and not case.is_emergency:
        start_ladder(case=case, clock="case.triage")
        for coordinator in coordinators_of(case.addressee):
            tell(case=case, recipient=coordinator, template="case.triage")
    else:
        route_case(case=case)
    return case


def route_case(*, case: Case, by_hand: bool = False) -> int:
    """
    Ask every doctor who may answer and was not asked yet; nobody left: the coordinator.

    `by_hand`: a person chose to, and the time line names them.
    """
    require_intention()
    doctors = ask_doctors(case=case, hospital=case.addressee, by_hand=by_hand)
    stop_ladders(case=case, clocks=("case.triage",))
    for coordinator in coordinators_of(case.addressee) if case.is_emergency or not doctors else ():
        template = "case.emergency" if doctors else "case.escalated"
        tell(case=case, recipient=coordinator, template=template)
    return doctors


def ask_doctors(
    *, case: Case, hospital: Organisation, by_hand: bool = False, most: int = MAX_OFFERS
) -> int:
    """Offers to the next doctors of a hospital, who are told; how many there were."""
    require_intention()
    before = case.status
    candidates = _candidates(case, hospital)[:most]
    if not candidates:
        return 0
    if case.status == Status.SUBMITTED:
        case.become(Status.ROUTED, _("This request can't be sent any more."))
        case.save(update_fields=["status"])
    offers = Offer.objects.bulk_create(
        Offer(case=case, doctor=one.doctor, organisation=hospital) for one in candidates
    )
    take_step(
        case=case,
        action="case.route",
        before=before,
        by_system=not by_hand,
        doctors=len(candidates),
        org=hospital.name,
        asked=[one.why for one in candidates],
    )
    outbox.announce(CaseRouted(case_id=case.pk))
    for offer in offers:
        publication.publish(offer)
        tell(case=case, recipient=offer.doctor, template=_invitation(case))
    return len(candidates)


def ask_next_hospital(*, case: Case) -> Organisation | None:
    """The next hospital with an agreement that has somebody to ask."""
    require_intention()
    for hospital in others_to_ask(case):
        if ask_doctors(case=case, hospital=hospital):
            take_step(case=case, action="case.widen", by_system=True, org=hospital.name)
            for coordinator in coordinators_of(hospital):
                tell(case=case, recipient=coordinator, template=_invitation(case))
            return hospital
    return None


def return_to_asking(*, case: Case) -> None:
    """Nobody who was asked is left: the next are asked, or the coordinator has it."""
    require_intention()
    before = case.status
    if case.status == Status.ROUTED:
        case.become(Status.SUBMITTED, _("This consult is no longer waiting for an answer."))
        case.save(update_fields=["status"])
        take_step(case=case, action="case.return", before=before, by_system=True)
    route_case(case=case)


def why_not_ask(doctor: User, case: Case, specialty: str = "") -> str | None:
    """
    What keeps this doctor of the asked hospital from the case; None where nothing does.

    `specialty` is that of their seat in a joint consult.
    """
    return why_not_answer(doctor, case, case.addressee, specialty)


def check_licence(actor: User, case: Case, specialty: str = "") -> None:
    """Raises Conflict for a doctor who may not answer this case where they act now, or asked it."""
    why = why_not_answer(actor, case, actor.acting_organisation, specialty)
    if why:
        message = _("{who} cannot accept: {why}").format(who=actor.name, why=why)
        raise Conflict(message, path="licence")


def _choice(case: Case) -> dict[str, Any]:
    """What the time line keeps of the way that was chosen."""
    kept: dict[str, Any] = {"agreement": case.agreement is not None}
    if case.overrides and case.proposed:
        kept |= {
            "chosen": case.addressee.name,
            "proposed": case.proposed.name,
            "reason": case.route_reason,
        }
    return kept


def _invitation(case: Case) -> str:
    return "case.emergency" if case.is_emergency else "case.offered"


def _check_sender(actor: User, case: Case) -> None:
    """In an emergency whoever is with the patient; else a doctor, whose request it is."""
    sentence = _("A village doctor sends emergencies; a doctor of the clinic sends this request.")
    require(case.is_emergency or not is_village_doctor(actor), sentence)


def _check(case: Case) -> None:
    needed = ["reason", "specialty"] if case.is_emergency else case.LEGAL_FIELDS
    missing = [name for name in needed if name in case.missing]
    if missing:
        names = field_names(missing)
        raise Invalid(_("Still missing: {fields}.").format(fields=names), path=missing[0])
    if case.asked is None:
        raise Invalid(_("Choose a hospital from the list."), path="asked")
    if case.consent is None or case.consent.is_refused:
        raise Invalid(why_consent_fails(case, None), path="consent")
    if case.is_joint and not case.further:
        message = _("A joint consult needs a further specialty: choose one, or ask for a consult.")
        raise Invalid(message, path="further")
    case.agreement = find_agreement(case.asking, case.asked, case.service)
    if case.agreement is None and case.is_joint:
        reason = why_no_agreement(case.asking, case.asked, case.service)
        raise Conflict(reason, path="asked")
    # An emergency goes without one: flagged, and priced at nothing until the two agree.
    if case.agreement is None and not case.is_emergency:
        message = _("No agreement with {org} is in force today. Ask another hospital.")
        raise Conflict(message.format(org=case.asked.name), path="asked")
    _check_consent(case)
    _check_override(case)
    named = case.wanted_doctor if case.kind == Kind.NAMED else None
    if named and (why := why_not_ask(named, case)):
        message = _("{who} cannot accept: {why}").format(who=named.name, why=why)
        raise Conflict(message, path="wanted_doctor")


def _check_consent(case: Case) -> None:
    """
    It was given for the hospital that is asked, and for its fee. An emergency goes all the same
    when only the fee is another: somebody has to agree to that within a day.
    """
    fee = case.agreement.price_of(case.service) if case.agreement else None
    if why := why_consent_fails(case, fee):
        raise Conflict(why, path="consent")
    signed = case.consent if case.consent and case.consent.given_at else None
    case.fee_to_agree = fee if signed and signed.fee_shown != fee else None


def _check_override(case: Case) -> None:
    """Another hospital than the proposed one is a person's choice, who says why."""
    if not case.overrides:
        case.route_reason = ""
    elif case.proposed and not case.is_emergency and len(case.route_reason.strip()) < 2:
        message = _("{org} is proposed. Say in a few words why you ask another hospital.")
        raise Invalid(message.format(org=case.proposed.name), path="route_reason")


def _candidates(case: Case, hospital: Organisation) -> list[_Candidate]:
    """Who may answer and was not asked yet: as the rota calls them, then at the desk, then idle."""
    asked_before = case.offers.exclude(status=Offer.Status.WITHDRAWN).values("doctor")
    people = specialists_of(hospital, case.specialty)
    if case.kind == Kind.NAMED and case.wanted_doctor_id and hospital.pk == case.asked_id:
        people = specialists_of(hospital).filter(pk=case.wanted_doctor_id)
    asking = asked_by(case)
    people = people.exclude(pk__in=asked_before).annotate(holding=HOLDING)
    called = calling_order(hospital, case.specialty)
    fit = [
        _Candidate(person, called.get(person.pk), is_at_desk(person), person.holding)
        for person in people.order_by("pk")[:50]
        if not why_not_answer(person, case, hospital, asking=asking)
    ]
    return sorted(fit, key=lambda one: one.rank)


def _next_number() -> str:
    today = timezone.localdate()
    lane = _free_lane(today)
    digits = lane.next()
    lane.save(update_fields=["given"])
    return f"C{today:%y%m%d}-{digits:04d}"


def _free_lane(today: date) -> NumberLane:
    """The lane that is behind the others, of those that nobody holds; else one to wait for."""
    lanes = NumberLane.objects.filter(day=today).order_by("given", "lane")
    free = lanes.select_for_update(skip_locked=True).first()
    if free is None:
        of_today = [NumberLane(day=today, lane=n) for n in range(NumberLane.LANES)]
        NumberLane.objects.bulk_create(of_today, ignore_conflicts=True)
        free = lanes.select_for_update(skip_locked=True).first()
    one = secrets.randbelow(NumberLane.LANES)
    return free or lanes.select_for_update().filter(lane=one).get()
