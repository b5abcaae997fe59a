"""
What somebody was asked, or sits in, goes to a colleague when their shift or account ends.

Who takes it themselves, coming on duty, has accepted it by that; whom somebody else names is asked.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import HELD, UNANSWERED, Case, Kind, Offer
from consult.requests.queries import lock_case
from consult.requests.services.answering import accept_case
from consult.requests.services.joining import offer_seat_over
from consult.requests.services.ladders import start_ladder
from consult.requests.services.offers import withdraw_offer
from consult.requests.services.scheduling import free_time_of
from consult.requests.services.sending import return_to_asking, why_not_ask
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import publication
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, NotFound, require
from telemed.core.intentions import Actor, require_intention
from telemed.notifications.services import mark_read
from telemed.people.models import Role, User


def move_offer(*, actor: Actor, doctor: User, to: User, offer_id: UUID) -> Case:
    """
    What a doctor was asked and has not answered is asked of a colleague instead.

    A request for somebody by name is nobody's to take: its asking doctor chooses who answers
    instead. When the account of the one named ends, it goes back to be asked again.
    """
    require_intention()
    case, offer = _locked(actor, offer_id)
    if offer.doctor_id != doctor.pk or offer.status not in Offer.WAITING:
        raise Conflict(_("{who} is not asked any more.").format(who=doctor.name), path="status")
    if case.status not in (*UNANSWERED, *HELD):
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    if case.kind == Kind.NAMED and case.wanted_doctor_id == doctor.pk and not offer.takes_over_id:
        if actor == to:
            message = _("{who} was asked by name; the asking doctor chooses who answers instead.")
            raise Conflict(message.format(who=doctor.name), path="doctor")
        _return_named(case, offer)
        return case
    _ask_instead(case, offer, to, actor if isinstance(actor, User) else None)
    if actor == to:
        accept_case(actor=to, case_id=case.pk)
        mark_read(actor=to, about=case.pk)
    else:
        tell(case=case, recipient=to, template="case.assigned", who=case.addressee.name)
    return case


def move_seat(*, actor: Actor, doctor: User, to: User, offer_id: UUID) -> Case:
    """The seat that an expert has in a joint consult goes to a colleague of the same specialty."""
    require_intention()
    case, seat = _locked(actor, offer_id)
    if seat.doctor_id != doctor.pk or seat.status != Offer.Status.ACCEPTED:
        message = _("{who} does not sit in this joint consult any more.")
        raise Conflict(message.format(who=doctor.name), path="status")
    if case.status not in (*UNANSWERED, *HELD):
        raise Conflict(_("The opinion is signed; amend it instead."), path="status")
    _must_be_fit(case, to, seat)
    by = actor if isinstance(actor, User) else None
    note = _("Shift or account of {who} ends").format(who=doctor)
    offer_seat_over(case=case, seat=seat, doctor=to, by=by, note=note)
    if actor == to:
        require(to.role == Role.SPECIALIST, _("Only a specialist answers a consult."))
        accept_case(actor=to, case_id=case.pk)
        mark_read(actor=to, about=case.pk)
    else:
        tell(case=case, recipient=to, template="case.handover", who=case.addressee.name)
    return case


def _locked(actor: Actor, offer_id: UUID) -> tuple[Case, Offer]:
    """The case first, as everybody locks; then its offer as it stands now."""
    known = Offer.objects.filter(pk=offer_id).first()
    if known is None:
        raise NotFound(_("Not found, or not yours to know of."), path="offer")
    case = lock_case(known.case_id)
    offer = Offer.objects.select_related("doctor").get(pk=offer_id)
    here = actor.organisation_id in (offer.organisation_id, None)
    require(here, _("Only the asked hospital moves this."))
    return case, offer


def _must_be_fit(case: Case, to: User, offer: Offer) -> None:
    if why := why_not_ask(to, case, offer.specialty):
        message = _("{who} cannot accept: {why}").format(who=to.name, why=why)
        raise Conflict(message, path="doctor")


def _return_named(case: Case, offer: Offer) -> None:
    offer.status = Offer.Status.RETURNED
    offer.save(update_fields=["status"])
    publication.publish(offer)
    take_step(case=case, action="offer.return", reason=_("off duty"), doctor=offer.doctor.name)
    if case.status in UNANSWERED and not case.offers.filter(status__in=Offer.LIVE).exists():
        return_to_asking(case=case)


def _ask_instead(case: Case, offer: Offer, to: User, by: User | None) -> None:
    """One offer ends and another begins, unless the colleague was asked the same already."""
    known = case.offers.filter(doctor=to, status__in=Offer.LIVE).first()
    if known and (known.specialty, known.takes_over_id) != (offer.specialty, offer.takes_over_id):
        raise Conflict(_("This doctor was asked already."), path="doctor")
    if offer.organisation_id == case.asked_id:
        _must_be_fit(case, to, offer)
    withdraw_offer(offer)
    stop_clocks(about=offer.pk)
    free_time_of(case=case, person=offer.doctor)
    take_step(case=case, action="offer.pass", old=offer.doctor.name, new=to.name)
    if known:
        return
    new = Offer.objects.create(
        case=case,
        doctor=to,
        organisation=offer.organisation,
        role=offer.role,
        specialty=offer.specialty,
        takes_over=offer.takes_over,
        note=offer.note,
        assigned_by=by,
    )
    if case.is_joint and not new.takes_over_id:
        start_ladder(case=case, clock="offer.accept", about=new.pk)
    publication.publish(new)
