"""Sending a case: checked against the law and the agreement, then routed at once."""

from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.events import CaseRouted
from consult.requests.models import Case, DayCounter, Kind, Offer, Status
from consult.requests.policies import MAX_OFFERS, POLICIES
from consult.requests.queries import coordinators_of, get_case, is_at_desk, specialists_of
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from consult.requests.words import FIELD_NAMES
from telemed.core import outbox
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.organisations.queries import find_agreement
from telemed.people import licences
from telemed.people.models import User


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
    _check(case)
    case.number = _next_number()
    before = case.status
    case.become(Status.SUBMITTED, _("This request can't be sent any more."))
    case.save()
    stop_clocks(about=case.pk, kind="case.draft")
    take_step(case=case, action="case.submit", before=before)
    policy = POLICIES[Kind(case.kind)]
    if policy.remind:
        start_clock(
            kind="case.remind", about=case.pk, allowance=policy.remind, calendar=policy.calendar
        )
    for number, allowance in enumerate(policy.accept):
        start_clock(
            kind="case.accept",
            about=case.pk,
            allowance=allowance,
            calendar=policy.calendar,
            rung=number,
        )
    route_case(case=case)
    return case


def route_case(*, case: Case) -> None:
    """Ask every doctor who may answer and was not asked yet; nobody left: the coordinator."""
    require_intention()
    before = case.status
    doctors = _candidates(case)
    if doctors:
        case.become(Status.ROUTED, _("This request can't be sent any more."))
        case.save(update_fields=["status"])
        Offer.objects.bulk_create(Offer(case=case, doctor=doctor) for doctor in doctors)
        take_step(case=case, action="case.route", before=before, doctors=len(doctors))
        outbox.announce(CaseRouted(case_id=case.pk))
        for doctor in doctors:
            tell(case=case, recipient=doctor, template=_invitation(case))
    for coordinator in coordinators_of(case.addressee) if case.is_emergency or not doctors else ():
        template = "case.emergency" if doctors else "case.escalated"
        tell(case=case, recipient=coordinator, template=template)


def _invitation(case: Case) -> str:
    return "case.emergency" if case.is_emergency else "case.offered"


def _check(case: Case) -> None:
    needed = ["reason", "specialty"] if case.is_emergency else case.LEGAL_FIELDS
    missing = [name for name in needed if name in case.missing]
    if missing:
        names = _(", ").join(_(FIELD_NAMES[name]) for name in missing)
        raise Invalid(_("Still missing: {fields}.").format(fields=names), path=missing[0])
    if case.asked is None:
        raise Invalid(_("Choose a hospital from the list."), path="asked")
    if case.consent is None:
        raise Invalid(_("There is no valid consent; it cannot be sent."), path="consent")
    case.agreement = find_agreement(case.asking, case.asked)
    if case.agreement is None:
        message = _("No agreement with {org} is in force today. Ask another hospital.")
        raise Conflict(message.format(org=case.asked.name), path="asked")


def _candidates(case: Case) -> list[User]:
    today = timezone.localdate()
    asked_before = case.offers.values("doctor")
    people = specialists_of(case.addressee, case.specialty).exclude(pk__in=asked_before)
    fit = [
        person
        for person in people.order_by("pk")[:50]
        if not licences.why_not(
            person.practitioner, case.specialty, case.addressee, today, answering=True
        )
    ]
    return sorted(fit, key=lambda person: not is_at_desk(person))[:MAX_OFFERS]


def _next_number() -> str:
    today = timezone.localdate()
    DayCounter.objects.bulk_create([DayCounter(day=today)], ignore_conflicts=True)
    counter = DayCounter.objects.filter(day=today)
    counter.update(last=F("last") + 1)
    return f"C{today:%y%m%d}-{counter.get().last:04d}"
