"""A case turns out more, or less, urgent than it was sent."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions, policies
from consult.requests.events import CaseRegraded
from consult.requests.models import HELD, UNANSWERED, Case, Kind, Offer
from consult.requests.policies import REASON
from consult.requests.queries import coordinators_of, get_case, sent_at
from consult.requests.services.ladders import settle_pauses, start_ladder, stop_ladders
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from consult.requests.words import field_names
from telemed.core import outbox
from telemed.core.clocks import worked
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def regrade_case(*, actor: User, case_id: UUID, kind: str, reason: str) -> Case:
    """
    Make it an emergency, or no longer one, before an opinion is signed.

    More urgent: the new ladder starts now. Less urgent: what has passed counts.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    entitled = (
        permissions.is_asking(actor, case)
        or permissions.is_holder(actor, case)
        or permissions.coordinates(actor, case)
    )
    require(entitled, _("Your role here may not change how urgent this is."))
    if kind not in (Kind.EMERGENCY, Kind.SINGLE):
        raise Invalid(_("Choose one of the values offered."), path="kind")
    reason = reason.strip()[:200]
    if len(reason) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="reason")
    if not permissions.may_regrade(actor, case):
        raise Conflict(_("The opinion is signed; amend it instead."), path="status")
    if case.is_joint:
        message = _("A joint consult has one grade; ask for an emergency consult instead.")
        raise Conflict(message, path="kind")
    upgraded = kind == Kind.EMERGENCY
    if upgraded == case.is_emergency:
        raise Conflict(_("It is graded so already."), path="kind")
    if not upgraded and case.missing:
        names = field_names(case.missing)
        raise Invalid(_("Still missing: {fields}.").format(fields=names), path=case.missing[0])
    if not upgraded and case.agreement is None:
        message = _("No agreement with {org} is in force today. Ask another hospital.")
        raise Conflict(message.format(org=case.addressee.name), path="asked")
    former = str(case.get_kind_display())
    case.kind = kind
    case.save(update_fields=["kind"])
    _set_clocks(case, upgraded)
    now = str(case.get_kind_display())
    take_step(case=case, action="case.regrade", old=former, new=now, reason=reason)
    outbox.announce(CaseRegraded(case_id=case.pk))
    _say_so(case, actor, upgraded)
    return case


def _set_clocks(case: Case, upgraded: bool) -> None:
    running = "case.accept" if case.status in UNANSWERED else "case.done"
    stop_ladders(case=case, clocks=("case.accept", "case.done", "case.in_room", "case.triage"))
    began = sent_at(case) if running == "case.accept" else _accepted_at(case)
    spent = timedelta()
    if not upgraded and began:
        calendar = policies.ladder(running, case.kind, case.asked_id).calendar
        spent = worked(began, timezone.now(), calendar)
    start_ladder(case=case, clock=running, spent=spent)
    if upgraded:
        start_ladder(case=case, clock="case.in_room")
    settle_pauses(case=case)


def _accepted_at(case: Case) -> datetime | None:
    steps = case.steps.filter(action="case.accept").order_by("-at")
    return steps.values_list("at", flat=True).first()


def _say_so(case: Case, actor: User, upgraded: bool) -> None:
    people = {case.requester}
    if case.status in HELD and case.holder:
        people.add(case.holder)
    else:
        offers = case.offers.filter(status__in=Offer.WAITING).select_related("doctor")
        people |= {offer.doctor for offer in offers}
    if upgraded:
        people |= set(coordinators_of(case.addressee))
    template = "case.emergency" if upgraded else "case.regraded"
    for person in people - {actor}:
        state = str(case.get_kind_display())
        tell(case=case, recipient=person, template=template, state=state)
