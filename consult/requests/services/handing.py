"""A doctor who holds a case can't go on: somebody else takes over, or the case is asked again."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.events import CaseHandedOver, CaseReturned
from consult.requests.models import HELD, UNANSWERED, Case, Offer, Question, Status
from consult.requests.policies import HANDOVER_NOTE, REASON, left_after_return
from consult.requests.queries import coordinators_of, get_case, has_seat, lock_case, specialists_of
from consult.requests.rungs import AGAIN
from consult.requests.services.holding import begin_holding, end_holding
from consult.requests.services.joining import leave_seat, vacate
from consult.requests.services.ladders import settle_pauses, start_ladder, stop_ladders
from consult.requests.services.offers import withdraw_offer
from consult.requests.services.questioning import end_questions
from consult.requests.services.scheduling import drop_meetings, move_meetings
from consult.requests.services.sending import (
    ask_doctors,
    check_licence,
    return_to_asking,
    why_not_ask,
)
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import outbox, publication
from telemed.core.clocks import find_next, restart_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import Actor, refusing, require_intention
from telemed.notifications.services import mark_read
from telemed.people.models import Role, User

GIVEN_BACK = ("case.done", "room.noshow", "room.open")


def hand_over(*, actor: User, case_id: UUID, doctor_id: UUID, note: str) -> Offer:
    """
    Ask a colleague to take over. Until they accept, who holds the case stays responsible.

    One colleague at a time; asking another withdraws the first.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    entitled = permissions.is_holder(actor, case) or permissions.coordinates(actor, case)
    require(entitled, _("Your role here may not hand this consult over."))
    note = note.strip()[:500]
    if len(note) < HANDOVER_NOTE:
        message = _("Say in at least {n} characters what your colleague has to know.")
        raise Invalid(message.format(n=HANDOVER_NOTE), path="note")
    doctor = specialists_of(case.addressee).filter(pk=doctor_id).first()
    if doctor is None or doctor.pk == case.holder_id:
        raise Invalid(_("Choose a doctor from the list."), path="doctor")
    if not permissions.may_hand_over(actor, case):
        raise Conflict(_("Only a consult that somebody holds can be handed over."), path="status")
    return _ask_over(case, doctor, actor, note)


def move_case(*, actor: Actor, holder: User, to: User, case_id: UUID, reason: str = "") -> Offer:
    """
    The case of somebody whose shift or account ends goes to a colleague.

    Who takes it themselves has it at once. Whom somebody else names is asked, as with any
    hand-over: only their own accept binds.
    """
    require_intention()
    case = lock_case(case_id)
    require(
        actor.organisation_id in (case.asked_id, None), _("Only the asked hospital moves this.")
    )
    if case.holder_id != holder.pk or case.status not in HELD:
        raise Conflict(_("{who} does not hold this consult any more.").format(who=holder.name))
    by = actor if isinstance(actor, User) else None
    note = reason or _("Shift or account of {who} ends").format(who=holder)
    if by != to:
        return _ask_over(case, to, by, note)
    require(to.role == Role.SPECIALIST, _("Only a specialist answers a consult."))
    offer, _new = _offer_over(case, to, by, note)
    take_over(actor=to, case=case, offer=offer)
    mark_read(actor=to, about=case.pk)
    return offer


def give_case(*, actor: Actor, holder: User, to: User, case_id: UUID, reason: str) -> Offer:
    """
    Who held it leaves: a colleague of the same hospital has it at once, and is told why.

    Nobody stays responsible meanwhile, so there is no accept to wait for (ADR 61). Licence, scope
    and role are asked for as if they accepted it; they may give it back like any other.
    """
    require_intention()
    case = lock_case(case_id)
    here = actor.organisation_id in (case.asked_id, None)
    require(here, _("Only the asked hospital moves this."))
    offer = move_case(actor=to, holder=holder, to=to, case_id=case_id, reason=reason)
    tell(case=case, recipient=to, template="case.moved", who=holder.name, reason=reason)
    return offer


def _ask_over(case: Case, doctor: User, by: User | None, note: str) -> Offer:
    """Offer it to a colleague, who is told; asked once, they are not asked again."""
    offer, new = _offer_over(case, doctor, by, note)
    if new:
        take_step(case=case, action="offer.ask_over", doctor=doctor.name)
        tell(
            case=case,
            recipient=doctor,
            template="case.handover",
            who=by.name if by else case.addressee.name,
        )
    return offer


def _offer_over(case: Case, doctor: User, by: User | None, note: str) -> tuple[Offer, bool]:
    """The offer to take the lead over, and whether it is new; any other of its kind ends."""
    held = case.offers.filter(role=Offer.Role.LEAD, status=Offer.Status.ACCEPTED).first()
    if held is None:
        raise Conflict(_("Only a consult that somebody holds can be handed over."), path="status")
    if why := why_not_ask(doctor, case, held.specialty):
        message = _("{who} cannot accept: {why}").format(who=doctor.name, why=why)
        raise Conflict(message, path="doctor")
    asked = case.offers.filter(status__in=Offer.WAITING, takes_over=held)
    if again := asked.filter(doctor=doctor).first():
        return again, False
    for other in asked.select_related("doctor"):
        withdraw_offer(other)
    twice = Conflict(_("This doctor was asked already."), path="doctor")
    with refusing(one_live_offer_a_doctor=twice):
        offer = Offer.objects.create(
            case=case,
            doctor=doctor,
            organisation=case.asked,
            takes_over=held,
            specialty=held.specialty,
            note=note,
            assigned_by=by,
        )
    publication.publish(offer)
    return offer, True


def take_over(*, actor: User, case: Case, offer: Offer) -> Case:
    """The new doctor's accept binds; the clock of the opinion runs on."""
    require_intention()
    if case.status not in HELD or offer.takes_over is None or case.holder is None:
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    check_licence(actor, case, offer.specialty)
    old = case.holder
    offer.takes_over.status = Offer.Status.HANDED_OVER
    offer.takes_over.save(update_fields=["status"])
    offer.status = Offer.Status.ACCEPTED
    offer.save(update_fields=["status"])
    move_meetings(case=case, old=old, new=actor)
    case.holder = actor
    case.save(update_fields=["holder"])
    end_holding(case=case, doctor=old)
    begin_holding(case=case, doctor=actor)
    take_step(case=case, action="offer.hand_over", old=old.name, new=actor.name)
    for changed in (offer.takes_over, offer):
        publication.publish(changed)
    outbox.announce(CaseHandedOver(case_id=case.pk))
    for person in (case.requester, old):
        tell(
            case=case,
            recipient=person,
            template="case.accepted",
            who=actor.name,
            org=case.addressee.name,
        )
    return case


def return_case(*, actor: User, case_id: UUID, reason: str) -> Case:
    """Give an accepted case back: the others are asked again, with what is left of the promise."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    holds = permissions.is_holder(actor, case) or has_seat(actor, case)
    require(holds, _("Only who holds the consult gives it back."))
    reason = reason.strip()[:200]
    if len(reason) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="reason")
    if case.is_joint and case.status in (*UNANSWERED, *HELD):
        leave_seat(actor=actor, case=case, reason=reason)
        return case
    if not permissions.may_return(actor, case):
        raise Conflict(_("The opinion is signed; amend it instead."), path="status")
    give_back(case=case, reason=reason)
    return case


def return_open_work(*, doctor_id: UUID, reason: str) -> int:
    """A licence, an account or a role ended: what the doctor was asked or holds is asked anew."""
    require_intention()
    live = Offer.objects.filter(doctor=doctor_id, status__in=Offer.LIVE)
    cases = sorted(set(live.values_list("case", flat=True)))
    for case_id in cases:
        case = lock_case(case_id)
        if case.is_joint:
            _leave_joint(case, doctor_id, reason)
            continue
        if case.holder_id == doctor_id and case.status in HELD:
            give_back(case=case, reason=reason)
            continue
        for offer in case.offers.filter(doctor=doctor_id, status__in=Offer.WAITING):
            offer.status, offer.note = Offer.Status.RETURNED, reason[:500]
            offer.save(update_fields=["status", "note"])
            take_step(case=case, action="offer.return", reason=reason)
            publication.publish(offer)
        if case.status in UNANSWERED and not case.offers.filter(status__in=Offer.LIVE).exists():
            return_to_asking(case=case)
    return len(cases)


def _leave_joint(case: Case, doctor_id: UUID, reason: str) -> None:
    if case.status in (*UNANSWERED, *HELD):
        offers = case.offers.filter(doctor=doctor_id, status__in=Offer.LIVE)
        for offer in offers.select_related("doctor"):
            vacate(case=case, offer=offer, reason=reason)


def give_back(*, case: Case, reason: str) -> None:
    """Nobody holds it any more; the case is asked again."""
    require_intention()
    doctor, before = case.holder, case.status
    case.become(Status.ROUTED, _("The opinion is signed; amend it instead."))
    case.holder = None
    case.save(update_fields=["status", "holder"])
    drop_meetings(case=case)
    stays = False
    for offer in case.offers.filter(status__in=Offer.LIVE):
        if offer.takes_over_id and offer.status in Offer.WAITING:  # the colleague stays asked
            stays, offer.takes_over = True, None
            offer.save(update_fields=["takes_over"])
            publication.publish(offer)
            continue
        held = offer.status == Offer.Status.ACCEPTED
        offer.status = Offer.Status.RETURNED if held else Offer.Status.WITHDRAWN
        offer.note = reason if held else offer.note
        offer.save(update_fields=["status", "note"])
        publication.publish(offer)
    stop_ladders(case=case, clocks=GIVEN_BACK)
    least = left_after_return(case.kind)
    restart_clocks(about=case.pk, kind="case.accept", at_least=least)
    left = find_next(case.pk, "case.accept")
    if left is None or left.rung == AGAIN:  # the whole ladder had been climbed
        stop_ladders(case=case, clocks=("case.accept",))
        start_ladder(case=case, clock="case.accept")
    if doctor:
        end_questions(case=case, status=Question.Status.WITHDRAWN, asked_by=doctor)
        end_holding(case=case, doctor=doctor)
    settle_pauses(case=case)
    name = doctor.name if doctor else ""
    take_step(case=case, action="offer.return", before=before, reason=reason, doctor=name)
    outbox.announce(CaseReturned(case_id=case.pk))
    for person in (case.requester, *coordinators_of(case.addressee)):
        tell(case=case, recipient=person, template="case.given_back", who=name, reason=reason)
    if stays:
        ask_doctors(case=case, hospital=case.addressee)
    else:
        return_to_asking(case=case)
