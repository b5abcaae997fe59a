"""The asked side: read, accept, decline; first to lock wins."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import roomport, rules
from consult.requests.events import CaseAccepted
from consult.requests.models import HELD, UNANSWERED, Case, Offer, Question, Status
from consult.requests.policies import REASON
from consult.requests.queries import coordinators_of, find_offer, get_case, is_dearer, lock_case
from consult.requests.services.consenting import ask_for_fee
from consult.requests.services.handing import take_over
from consult.requests.services.holding import begin_holding, revive_declined
from consult.requests.services.joining import accept_seat, empty_seat, take_seat_over
from consult.requests.services.ladders import settle_pauses, start_ladder, stop_ladders
from consult.requests.services.offers import publish_offers, withdraw_offer
from consult.requests.services.questioning import end_questions
from consult.requests.services.sending import ask_doctors, check_licence, return_to_asking
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from records.consent import access
from telemed.audit import services as audit
from telemed.core import outbox, policies, publication
from telemed.core.clocks import worked
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.models import Calendar
from telemed.notifications.services import mark_read, settle
from telemed.organisations.queries import find_agreement
from telemed.people.models import Role, User


def read_offer(*, actor: User, case: Case) -> None:
    """Opening the card settles its message and tells the asking side that it was read."""
    require_intention()
    mark_read(actor=actor, about=case.pk)
    offer = find_offer(actor, case)
    if offer and offer.status == Offer.Status.OFFERED:
        offer.status = Offer.Status.SEEN
        offer.save(update_fields=["status"])
        take_step(case=case, action="offer.read", publish=False)
        publication.publish(offer)


def open_case(*, actor: User, case: Case) -> None:
    """Reading the clinical text of a case is a read of the record, and traced."""
    require_intention()
    decision = access.decide(actor, "read", case.patient)
    reason = decision.reasons[0] if decision.allowed else "asked_for_consult"
    audit.record(action="case.read", target=case, patient_id=case.patient_id, reason=reason)


def accept_case(*, actor: User, case_id: UUID) -> Case:
    """
    Hold the case. Two at once: one gets it, the other reads who has it.

    Who declined may still accept while nobody holds it; who was asked to take over does so.
    """
    require_intention()
    case = _answerable(actor, case_id)
    if case.holder_id == actor.pk:
        return case
    offer = find_offer(actor, case)
    if offer and offer.takes_over_id:
        expert = offer.role == Offer.Role.EXPERT
        seat = case.is_joint and (expert or case.status in UNANSWERED)
        take = take_seat_over if seat else take_over
        return take(actor=actor, case=case, offer=offer)
    if case.is_joint:
        return accept_seat(actor=actor, case=case)
    if case.holder_id:
        raise _taken(case)
    offer = offer or revive_declined(actor, case)
    if offer is None:
        raise _why_not_asked(actor, case)
    check_licence(actor, case)
    if case.status == Status.SUBMITTED:  # everybody had declined, and one thinks better of it
        case.become(Status.ROUTED, _("This consult is no longer waiting for an answer."))
        take_step(
            case=case, action="case.route", before=Status.SUBMITTED, by_system=True, doctors=1
        )
    before = case.status
    case.become(Status.ACCEPTED, _("This consult is no longer waiting for an answer."))
    case.holder = actor
    if actor.acting_organisation.pk != case.asked_id:  # the next hospital was asked, and is it now
        case.asked = actor.acting_organisation
        case.agreement = find_agreement(case.asking, case.asked)
    with refusing(one_doctor_holds_a_case=_taken(case)):
        case.offers.filter(pk=offer.pk).update(status=Offer.Status.ACCEPTED)
    case.save(update_fields=["status", "holder", "asked", "agreement"])
    losers = _release_others(case)
    stop_ladders(case=case, clocks=("case.accept", "case.triage"))
    start_ladder(case=case, clock="case.done")
    settle_pauses(case=case)
    begin_holding(case=case, doctor=actor)
    take_step(case=case, action="case.accept", before=before)
    _ask_for_a_higher_fee(case)
    for changed in case.offers.filter(pk=offer.pk):
        publication.publish(changed)
    outbox.announce(CaseAccepted(case_id=case.pk))
    settle(about=case.pk)
    tell(
        case=case,
        recipient=case.requester,
        template="case.accepted",
        who=actor.name,
        org=case.addressee.name,
    )
    for loser in losers:
        tell(case=case, recipient=loser, template="case.taken", who=actor.name)
    return case


def _ask_for_a_higher_fee(case: Case) -> None:
    """The hospital that answers costs more than the one that the patient agreed to."""
    if case.agreement and is_dearer(case, case.agreement):
        fee = case.agreement.price_of(case.service)
        ask_for_fee(case=case, fee=fee, template="case.dearer")


def _release_others(case: Case) -> list[User]:
    others = list(case.offers.filter(status__in=Offer.WAITING).select_related("doctor"))
    for other in others:
        withdraw_offer(other)
    return [other.doctor for other in others]


def decline_case(*, actor: User, case_id: UUID, code: str, text: str = "") -> Case:
    """Give it back with a reason; the others who were asked may still accept."""
    require_intention()
    case = _answerable(actor, case_id)
    if code not in Offer.Decline.values:
        raise Invalid(_("Choose a reason."), path="code")
    if code == Offer.Decline.OTHER and len(text.strip()) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="text")
    offer = find_offer(actor, case)
    if offer is None or offer.status == Offer.Status.ACCEPTED:
        raise Conflict(_("There is nothing here for you to decline."), path="status")
    if code == Offer.Decline.NO_ANSWER:
        _check_unanswered(actor, case)
    offer.status, offer.decline_code, offer.decline_text = Offer.Status.DECLINED, code, text[:200]
    offer.save(update_fields=["status", "decline_code", "decline_text"])
    mark_read(actor=actor, about=case.pk)
    reason = text or str(offer.get_decline_code_display())
    take_step(case=case, action="offer.decline", code=code, reason=reason)
    publication.publish(offer)
    lapsed = (
        Question.Status.LAPSED if code == Offer.Decline.NO_ANSWER else Question.Status.WITHDRAWN
    )
    end_questions(case=case, status=lapsed, asked_by=actor)
    told = [case.requester, *coordinators_of(case.addressee)]
    if offer.takes_over:
        told.append(offer.takes_over.doctor)  # stays responsible, and has to find somebody else
    if case.is_joint and not offer.takes_over_id:
        empty_seat(case=case, offer=offer, reason=reason)
        return case
    for person in told:
        tell(case=case, recipient=person, template="case.declined", reason=reason)
    if case.status in UNANSWERED:
        _ask_in_place(case, offer)
    return case


def _ask_in_place(case: Case, declined: Offer) -> None:
    """The next in line at once; where nobody waits to answer any more, the coordinator."""
    if not case.offers.filter(status__in=Offer.LIVE).exists():
        return_to_asking(case=case)
    elif declined.organisation:
        ask_doctors(case=case, hospital=declined.organisation, most=1)


def waits_in_vain(actor: User, case: Case) -> bool:
    """Whether a question of this doctor is open for so long that they may decline for it."""
    now = timezone.now()
    return any(
        worked(at, now, Calendar.WORKING) >= policies.value(rules.UNANSWERED, at=at)
        for at in _asked_at(actor, case)
    )


def asked_first_at(actor: User, case: Case) -> datetime | None:
    """When the oldest of them was asked: how long it may wait is the rule of that day."""
    return next(iter(_asked_at(actor, case)), None)


def _asked_at(actor: User, case: Case) -> Iterable[datetime]:
    asked = case.questions.filter(status=Question.Status.OPEN, asked_by=actor)
    return asked.order_by("created_at").values_list("created_at", flat=True)


def _check_unanswered(actor: User, case: Case) -> None:
    if not waits_in_vain(actor, case):
        allowed = policies.value(rules.UNANSWERED, at=asked_first_at(actor, case))
        hours = f"{allowed.total_seconds() / 3600:g}"
        message = _("Your question has not been open for {n} working hours yet.").format(n=hours)
        raise Conflict(message, path="code")


def begin_case(*, case_id: UUID) -> Case:
    """The room went live, or an opinion is written: the consult is in progress."""
    require_intention()
    case = lock_case(case_id)
    if case.status in (Status.ACCEPTED, Status.SCHEDULED):
        before, case.status = case.status, Status.IN_PROGRESS
        case.save(update_fields=["status"])
        meetings = case.meetings.filter(status__in=["booked", "proposed"])
        for meeting in meetings:
            met = meeting.status == "booked"
            meeting.status = "met" if met else "dropped"
            meeting.save(update_fields=["status"])
            if met:
                publication.publish(meeting)
        stop_ladders(
            case=case, clocks=("case.in_room", "room.noshow", "room.open", "case.schedule")
        )
        if case.is_joint and not roomport.is_live(case.pk):  # else from the end of the room
            start_ladder(case=case, clock="case.done")
            settle_pauses(case=case)
        take_step(case=case, action="case.begin", before=before)
        publish_offers(case)
    return case


def _answerable(actor: User, case_id: UUID) -> Case:
    """The case, locked; a doctor whose offer was withdrawn reads who has it instead of nothing."""
    require(actor.role == Role.SPECIALIST, _("Only a specialist answers a consult."))
    known = Offer.objects.filter(
        case=case_id, doctor=actor, organisation=actor.organisation_id
    ).exists()
    case = lock_case(case_id) if known else get_case(actor, case_id, lock=True)
    if case.holder_id == actor.pk or case.status in UNANSWERED:
        return case
    offer = find_offer(actor, case)
    if offer and offer.takes_over_id and case.status in HELD:
        return case
    if case.is_joint and case.status in HELD:
        return case  # a seat may be empty yet
    if case.holder and case.status != Status.CANCELLED:
        raise _taken(case)
    raise Conflict(_("This consult is no longer waiting for an answer."), path="status")


def _why_not_asked(actor: User, case: Case) -> Conflict | Forbidden:
    if case.offers.filter(doctor=actor, status=Offer.Status.WITHDRAWN).exists():
        message = _("You are no longer asked for this consult; it is with {org} now.")
        return Conflict(message.format(org=case.addressee.name), path="status")
    return Forbidden(_("You were not asked for this consult."))


def _taken(case: Case) -> Conflict:
    steps = case.steps.filter(action__in=["case.accept", "offer.hand_over"])
    step = steps.select_related("actor", "organisation").order_by("-at").first()
    if step is None or step.actor is None or step.organisation is None:
        return Conflict(_("Somebody else accepted this consult a moment ago."), path="status")
    message = _("{who} of {org} accepted at {time}.").format(
        who=step.actor.name,
        org=step.organisation.name,
        time=f"{timezone.localtime(step.at):%H:%M:%S}",
    )
    return Conflict(message, path="status")
