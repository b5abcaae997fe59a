"""The coordinator's hand: whom to ask, what was promised on the phone, who else there is."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.models import UNANSWERED, Case, Kind, Offer, Status
from consult.requests.policies import PROMISE_HOLDS
from consult.requests.queries import get_case, specialists_of
from consult.requests.rungs import PROMISE
from consult.requests.services.ladders import settle_pauses, start_ladder, stop_ladders
from consult.requests.services.sending import route_case, why_not_ask
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import publication
from telemed.core.clocks import find_next, postpone_clocks
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock, ClockState
from telemed.people.models import User

AT_ONCE = 20  # cases of one bulk assignment


def assign_case(*, actor: User, case_id: UUID, doctor_id: UUID) -> Case:
    """The coordinator asks one doctor by name; the doctor's own accept still binds."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    entitled = permissions.looks_for_somebody(actor, case)
    require(entitled, _("Your role here may not assign this consult."))
    if not permissions.may_assign(actor, case):
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    _must_be_for_one(case)
    _ask_by_name(case, doctor_id, actor, action="case.assign")
    return case


def _must_be_for_one(case: Case) -> None:
    if case.is_joint:
        message = _("A joint consult is set up on a page of its own: doctors, chair and time.")
        raise Conflict(message, path="kind")


def assign_cases(*, actor: User, case_ids: Iterable[UUID], doctor_id: UUID) -> int:
    """Several at once, all or none."""
    require_intention()
    wanted = sorted(set(case_ids))
    if not wanted:
        raise Invalid(_("Choose at least one consult."), path="cases")
    if len(wanted) > AT_ONCE:
        raise Invalid(_("At most {n} at once.").format(n=AT_ONCE), path="cases")
    for case_id in wanted:
        assign_case(actor=actor, case_id=case_id, doctor_id=doctor_id)
    return len(wanted)


def ask_substitute(*, actor: User, case_id: UUID, doctor_id: UUID) -> Case:
    """The doctor asked for by name did not answer in time: the asking doctor chooses another."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Only the asking side chooses a substitute."))
    if case.kind != Kind.NAMED or case.status not in UNANSWERED or not is_late(case):
        message = _("A substitute can be asked once the named doctor has not answered in time.")
        raise Conflict(message, path="status")
    _ask_by_name(case, doctor_id, actor, action="case.substitute")
    return case


def is_late(case: Case) -> bool:
    """Whether the first answer is over its time, or everybody who was asked declined."""
    waits = Clock.objects.filter(
        about=case.pk,
        kind="case.accept",
        rung=PROMISE,
        state__in=[ClockState.RUNNING, ClockState.PAUSED],
    )
    return case.status == Status.SUBMITTED or not waits.exists()


def _ask_by_name(case: Case, doctor_id: UUID, actor: User, action: str) -> None:
    doctor = specialists_of(case.addressee).filter(pk=doctor_id).first()
    if doctor is None:
        raise Invalid(_("Choose a doctor from the list."), path="doctor")
    if why := why_not_ask(doctor, case):
        message = _("{who} cannot accept: {why}").format(who=doctor.name, why=why)
        raise Conflict(message, path="doctor")
    offer, _new = Offer.objects.get_or_create(
        case=case,
        doctor=doctor,
        status__in=Offer.LIVE,
        defaults={
            "assigned_by": actor,
            "status": Offer.Status.OFFERED,
            "organisation": case.addressee,
        },
    )
    unfinished = Clock.objects.filter(
        about=case.pk, kind="case.accept", state__in=[ClockState.RUNNING, ClockState.PAUSED]
    )
    if not unfinished.exists():  # the whole ladder had been climbed: it begins anew
        start_ladder(case=case, clock="case.accept")
        settle_pauses(case=case)
    stop_ladders(case=case, clocks=("case.triage",))
    before = case.status
    if case.status == Status.SUBMITTED:
        case.status = Status.ROUTED
        case.save(update_fields=["status"])
    take_step(case=case, action=action, before=before, doctor=doctor.name)
    publication.publish(offer)
    tell(case=case, recipient=doctor, template="case.assigned", who=actor.name)


def route_by_hand(*, actor: User, case_id: UUID) -> Case:
    """The coordinator lets a request that waits for triage go to the doctors."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.coordinates(actor, case), _("Your role here may not assign this consult."))
    if case.status == Status.ROUTED:
        return case
    _must_be_for_one(case)
    if case.status != Status.SUBMITTED:
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    if not route_case(case=case, by_hand=True):
        raise Conflict(_("No doctor of the hospital can be asked now."), path="status")
    return case


def note_promise(*, actor: User, case_id: UUID, doctor_id: UUID) -> Case:
    """
    A doctor said on the phone that they are coming: the ladder waits five minutes, once.

    Only their own accept binds.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.coordinates(actor, case), _("Your role here may not assign this consult."))
    if case.status not in UNANSWERED:
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    offer = case.offers.filter(doctor=doctor_id, status__in=Offer.WAITING).first()
    if offer is None:
        raise NotFound(_("This doctor is not asked now."), path="doctor")
    if case.steps.filter(action="offer.promise").exists():
        message = _("A promise on the phone was noted already; it holds the clock once.")
        raise Conflict(message, path="promise")
    if find_next(case.pk, "case.accept") is None:
        raise Conflict(_("No clock is running that could wait."), path="promise")
    postpone_clocks(about=case.pk, kind="case.accept", by=PROMISE_HOLDS)
    minutes = int(PROMISE_HOLDS.total_seconds() // 60)
    take_step(case=case, action="offer.promise", doctor=offer.doctor.name, minutes=minutes)
    tell(
        case=case,
        recipient=case.requester,
        template="case.promised",
        who=offer.doctor.name,
    )
    return case
