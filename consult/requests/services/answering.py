"""The asked side: read, accept, decline; first to lock wins."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests.events import CaseAccepted
from consult.requests.models import UNANSWERED, Case, Kind, Offer, Status
from consult.requests.policies import DECLINE_TEXT, POLICIES
from consult.requests.queries import find_offer, get_case, lock_case
from consult.requests.services.sending import route_case
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from records.consent import access
from records.consent.models import Basis
from records.consent.services import open_care
from telemed.audit import services as audit
from telemed.core import outbox
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.notifications.services import mark_read, settle
from telemed.people import licences
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


def open_case(*, actor: User, case: Case) -> None:
    """Reading the clinical text of a case is a read of the record, and traced."""
    require_intention()
    decision = access.decide(actor, "read", case.patient)
    reason = decision.reasons[0] if decision.allowed else "asked_for_consult"
    audit.record(action="case.read", target=case, patient_id=case.patient_id, reason=reason)


def accept_case(*, actor: User, case_id: UUID) -> Case:
    """Hold the case. Two at once: one gets it, the other reads who has it."""
    require_intention()
    case = _answerable(actor, case_id)
    if case.holder_id == actor.pk:
        return case
    if case.holder_id:
        raise _taken(case)
    offer = find_offer(actor, case)
    if offer is None:
        raise Forbidden(_("You were not asked for this consult."))
    _check_licence(actor, case)
    before = case.status
    case.become(Status.ACCEPTED, _("This consult is no longer waiting for an answer."))
    case.holder = actor
    with refusing(one_doctor_holds_a_case=_taken(case)):
        case.offers.filter(pk=offer.pk).update(status=Offer.Status.ACCEPTED)
    case.save(update_fields=["status", "holder"])
    others = case.offers.filter(status__in=Offer.WAITING)
    losers = [other.doctor for other in others.select_related("doctor")]
    others.update(status=Offer.Status.WITHDRAWN)
    stop_clocks(about=case.pk)
    policy = POLICIES[Kind(case.kind)]
    start_clock(kind="case.done", about=case.pk, allowance=policy.done, calendar=policy.calendar)
    open_care(
        organisation=actor.acting_organisation,
        patient=case.patient,
        basis=Basis.CASE,
        about=case.pk,
        person=actor.pk,
    )
    take_step(case=case, action="case.accept", before=before)
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
        mark_read(actor=loser, about=case.pk)
        tell(case=case, recipient=loser, template="case.taken", who=actor.name)
    return case


def decline_case(*, actor: User, case_id: UUID, code: str, text: str = "") -> Case:
    """Give it back with a reason; the others who were asked may still accept."""
    require_intention()
    case = _answerable(actor, case_id)
    if code not in Offer.Decline.values:
        raise Invalid(_("Choose a reason."), path="code")
    if code == Offer.Decline.OTHER and len(text.strip()) < DECLINE_TEXT:
        message = _("Give a reason of at least {n} characters.").format(n=DECLINE_TEXT)
        raise Invalid(message, path="text")
    offer = find_offer(actor, case)
    if offer is None or offer.status == Offer.Status.ACCEPTED:
        raise Conflict(_("There is nothing here for you to decline."), path="status")
    offer.status, offer.decline_code, offer.decline_text = Offer.Status.DECLINED, code, text[:200]
    offer.save(update_fields=["status", "decline_code", "decline_text"])
    mark_read(actor=actor, about=case.pk)
    reason = text or str(offer.get_decline_code_display())
    take_step(case=case, action="offer.decline", code=code, reason=reason)
    tell(
        case=case,
        recipient=case.requester,
        template="case.declined",
        turn=case.offers.filter(status=Offer.Status.DECLINED).count(),
        reason=reason,
    )
    if not case.offers.filter(status__in=Offer.LIVE).exists():
        before = case.status
        case.become(Status.SUBMITTED, _("This consult is no longer waiting for an answer."))
        case.save(update_fields=["status"])
        take_step(case=case, action="case.return", before=before)
        route_case(case=case)
    return case


def begin_case(*, case_id: UUID) -> Case:
    """The room went live, or an opinion is written: the consult is in progress."""
    require_intention()
    case = lock_case(case_id)
    if case.status == Status.ACCEPTED:
        case.status = Status.IN_PROGRESS
        case.save(update_fields=["status"])
        take_step(case=case, action="case.begin", before=Status.ACCEPTED)
    return case


def _answerable(actor: User, case_id: UUID) -> Case:
    """The case, locked; a doctor whose offer was withdrawn reads who has it instead of nothing."""
    require(actor.role == Role.SPECIALIST, _("Only a specialist answers a consult."))
    known = Case.objects.filter(
        pk=case_id, offers__doctor=actor, asked=actor.organisation_id
    ).exists()
    case = lock_case(case_id) if known else get_case(actor, case_id, lock=True)
    if case.holder_id != actor.pk and case.status not in UNANSWERED:
        raise (
            _taken(case)
            if case.holder
            else Conflict(_("This consult is no longer waiting for an answer."), path="status")
        )
    return case


def _taken(case: Case) -> Conflict:
    step = case.steps.filter(action="case.accept").order_by("-at").first()
    if step is None or step.actor is None or step.organisation is None:
        return Conflict(_("Somebody else accepted this consult a moment ago."), path="status")
    message = _("{who} of {org} accepted at {time}.").format(
        who=step.actor.name,
        org=step.organisation.name,
        time=f"{timezone.localtime(step.at):%H:%M:%S}",
    )
    return Conflict(message, path="status")


def _check_licence(actor: User, case: Case) -> None:
    practitioner = getattr(actor, "practitioner", None)
    today = timezone.localdate()
    why = licences.why_not(
        practitioner, case.specialty, actor.acting_organisation, today, answering=True
    )
    if why:
        message = _("{who} cannot accept: {why}").format(who=actor.name, why=why)
        raise Conflict(message, path="licence")
