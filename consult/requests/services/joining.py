"""
A joint consult (MDT): each doctor answers for their own seat, and the consult is accepted when the
chair and a second specialty have.
"""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests.events import CaseAccepted, CaseHandedOver, CaseReturned
from consult.requests.models import HELD, UNANSWERED, Case, Meeting, Offer, Status
from consult.requests.queries import coordinators_of, find_offer, live_meeting, lock_case
from consult.requests.services.holding import begin_holding, end_holding, revive_declined
from consult.requests.services.ladders import start_ladder, stop_ladders
from consult.requests.services.offers import withdraw_offer
from consult.requests.services.scheduling import free_time_of, hold_time, settle_time
from consult.requests.services.sending import check_licence
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import outbox, publication
from telemed.core.clocks import find_next, stop_clocks
from telemed.core.errors import Conflict, Forbidden
from telemed.core.intentions import refusing, require_intention
from telemed.notifications.services import mark_read
from telemed.people.models import User

FEWEST = 2  # specialties that make a consult a joint one


def accept_seat(*, actor: User, case: Case) -> Case:
    """
    Take one's own seat in a joint consult (the caller holds the case's lock).

    Raises Conflict for a seat that somebody else has taken, or a time that one has given away.
    """
    require_intention()
    offer = find_offer(actor, case)
    if offer and offer.status == Offer.Status.ACCEPTED:
        return case
    offer = offer or revive_declined(actor, case)
    if offer is None:
        raise _why_no_seat(actor, case)
    check_licence(actor, case, offer.specialty)
    held = case.offers.filter(specialty=offer.specialty, status=Offer.Status.ACCEPTED).first()
    if held:
        raise seat_taken(held)
    before = case.status
    if case.status == Status.SUBMITTED:
        case.become(Status.ROUTED, _("This consult is no longer waiting for an answer."))
    gone = Conflict(_("Somebody else accepted this consult a moment ago."), path="status")
    with refusing(one_doctor_holds_a_case=gone, one_doctor_a_seat=gone):
        case.offers.filter(pk=offer.pk).update(status=Offer.Status.ACCEPTED)
    offer.status = Offer.Status.ACCEPTED
    stop_clocks(about=offer.pk)
    if meeting := live_meeting(case):
        hold_time(case=case, meeting=meeting, people=[actor])
    case.save(update_fields=["status"])
    begin_holding(case=case, doctor=actor)
    mark_read(actor=actor, about=case.pk)
    take_step(
        case=case,
        action="offer.accept",
        before=before,
        role=offer.role,
        specialty=offer.specialty,
    )
    publication.publish(offer)
    _release_rivals(case, offer)
    if case.status in UNANSWERED and is_complete(case):
        _begin(case)
    return case


def offer_seat_over(*, case: Case, seat: Offer, doctor: User, by: User | None, note: str) -> Offer:
    """Another doctor is to sit in an expert's seat; until they accept, it stays as it is."""
    require_intention()
    asked = case.offers.filter(status__in=Offer.WAITING, takes_over=seat)
    for other in asked.select_related("doctor"):
        if other.doctor_id == doctor.pk:
            return other
        withdraw_offer(other)
    twice = Conflict(_("This doctor was asked already."), path="doctor")
    with refusing(one_live_offer_a_doctor=twice):
        offer = Offer.objects.create(
            case=case,
            doctor=doctor,
            organisation=seat.organisation,
            role=seat.role,
            specialty=seat.specialty,
            takes_over=seat,
            note=note,
            assigned_by=by,
        )
    publication.publish(offer)
    return offer


def take_seat_over(*, actor: User, case: Case, offer: Offer) -> Case:
    """
    Sit where a colleague sat, at the time that they had kept (the caller holds the case's lock).

    Raises Conflict for who is busy then. A seat that was given up meanwhile is taken as any other.
    """
    require_intention()
    seat = offer.takes_over
    if seat is None or seat.status != Offer.Status.ACCEPTED:
        offer.takes_over = None
        offer.save(update_fields=["takes_over"])
        return accept_seat(actor=actor, case=case)
    check_licence(actor, case, offer.specialty)
    old = seat.doctor
    seat.status = Offer.Status.HANDED_OVER
    seat.save(update_fields=["status"])
    offer.status = Offer.Status.ACCEPTED
    offer.save(update_fields=["status"])
    free_time_of(case=case, person=old)
    if meeting := live_meeting(case):
        hold_time(case=case, meeting=meeting, people=[actor])
        if meeting.status == Meeting.Status.BOOKED:
            publication.publish(meeting)
    end_holding(case=case, doctor=old)
    begin_holding(case=case, doctor=actor)
    take_step(case=case, action="offer.hand_over", old=old.name, new=actor.name)
    for changed in (seat, offer):
        publication.publish(changed)
    outbox.announce(CaseHandedOver(case_id=case.pk))
    chair = [case.holder] if case.holder else []
    for person in {case.requester, old, *chair} - {actor}:
        tell(
            case=case,
            recipient=person,
            template="case.seat_taken",
            who=actor.name,
            old=old.name,
        )
    return case


def is_complete(case: Case) -> bool:
    """Whether the chair and, with theirs, two specialties have accepted."""
    seats = case.offers.filter(status=Offer.Status.ACCEPTED).values_list("role", "specialty")
    chaired = any(role == Offer.Role.LEAD for role, _specialty in seats)
    return chaired and len({specialty for _role, specialty in seats}) >= FEWEST


def empty_seat(*, case: Case, offer: Offer, reason: str) -> None:
    """
    Somebody who was invited, or had accepted, is out: `offer` says how (already saved).

    Their time is free again and everybody else keeps theirs; the coordinator, who is told, asks
    another. Without chair or second specialty the consult waits for an answer again.
    """
    require_intention()
    stop_clocks(about=offer.pk)
    free_time_of(case=case, person=offer.doctor)
    end_holding(case=case, doctor=offer.doctor)
    before = case.status
    if case.holder_id == offer.doctor_id:
        case.holder = None
    if case.status in HELD and not is_complete(case):
        case.become(Status.ROUTED, _("The opinion is signed; amend it instead."))
        case.holder = None
        stop_ladders(case=case, clocks=("case.done",))
    if case.status == Status.ROUTED and not case.offers.filter(status__in=Offer.LIVE).exists():
        case.become(Status.SUBMITTED, _("This consult is no longer waiting for an answer."))
    if before != case.status:
        case.save(update_fields=["status", "holder"])
        take_step(case=case, action="case.return", before=before, by_system=True, joint=True)
    if case.status in UNANSWERED and find_next(case.pk, "case.schedule") is None:
        start_ladder(case=case, clock="case.schedule")  # so that the empty seat is not forgotten
    if before in HELD:
        outbox.announce(CaseReturned(case_id=case.pk))
    told = dict.fromkeys(coordinators_of(case.addressee), "case.replace")
    for person, template in {**told, case.requester: "case.seat_empty"}.items():
        tell(
            case=case,
            recipient=person,
            template=template,
            who=offer.doctor.name,
            reason=reason,
        )


def leave_seat(*, actor: User, case: Case, reason: str) -> None:
    """Give back a seat that one had accepted (the caller holds the case's lock)."""
    require_intention()
    offer = case.offers.filter(doctor=actor, status=Offer.Status.ACCEPTED).first()
    if offer is None:
        raise Conflict(_("There is nothing here for you to give back."), path="status")
    vacate(case=case, offer=offer, reason=reason)


def vacate(*, case: Case, offer: Offer, reason: str) -> None:
    """A seat is given back, by its doctor or because their licence or account ended."""
    require_intention()
    offer.status, offer.note = Offer.Status.RETURNED, reason[:500]
    offer.save(update_fields=["status", "note"])
    publication.publish(offer)
    take_step(case=case, action="offer.return", reason=reason, doctor=offer.doctor.name)
    empty_seat(case=case, offer=offer, reason=reason)


def note_room_ended(*, case_id: UUID) -> Case | None:
    """The experts have met: the opinion is due from now. None where there is nothing to write."""
    require_intention()
    case = lock_case(case_id)
    if not case.is_joint or case.status != Status.IN_PROGRESS:
        return None
    if find_next(case.pk, "case.done") is None:
        start_ladder(case=case, clock="case.done")
    return case


def _begin(case: Case) -> None:
    """Chair and second specialty are there: the institution has accepted."""
    lead = case.offers.select_related("doctor").get(
        role=Offer.Role.LEAD, status=Offer.Status.ACCEPTED
    )
    before = case.status
    case.become(Status.ACCEPTED, _("This consult is no longer waiting for an answer."))
    case.holder = lead.doctor
    case.save(update_fields=["status", "holder"])
    take_step(
        case=case, action="case.accept", before=before, by_system=True, chair=lead.doctor.name
    )
    outbox.announce(CaseAccepted(case_id=case.pk))
    tell(
        case=case,
        recipient=case.requester,
        template="case.accepted",
        who=lead.doctor.name,
        org=case.addressee.name,
    )
    meeting = live_meeting(case)
    if meeting and meeting.agreed_by and meeting.starts_at > timezone.now():
        settle_time(case=case, meeting=meeting, by=meeting.agreed_by)


def _release_rivals(case: Case, taken: Offer) -> None:
    """Others who were invited to the same seat."""
    rivals = case.offers.filter(specialty=taken.specialty, status__in=Offer.WAITING)
    for offer in rivals.exclude(pk=taken.pk).select_related("doctor"):
        withdraw_offer(offer)
        stop_clocks(about=offer.pk)
        free_time_of(case=case, person=offer.doctor)
        tell(case=case, recipient=offer.doctor, template="case.taken", who=taken.doctor.name)


def _why_no_seat(actor: User, case: Case) -> Conflict | Forbidden:
    mine = case.offers.filter(doctor=actor).order_by("-created_at").first()
    taken = (
        mine
        and case.offers.filter(
            specialty=mine.specialty, status__in=[Offer.Status.ACCEPTED, Offer.Status.DONE]
        )
        .select_related("doctor")
        .first()
    )
    return seat_taken(taken) if taken else Forbidden(_("You were not asked for this consult."))


def seat_taken(taken: Offer) -> Conflict:
    """What who comes too late reads."""
    message = _("{who} has taken this seat.").format(who=taken.doctor.name)
    return Conflict(message, path="status")


def when_of(meeting: Meeting) -> str:
    """The time of a meeting, for a message."""
    return f"{timezone.localtime(meeting.starts_at):%m-%d %H:%M}"
