"""When nobody answers: the ladder of the accept clock, and the coordinator's hand."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.models import HELD, UNANSWERED, Case, Kind, Offer, Status
from consult.requests.policies import POLICIES, promised
from consult.requests.queries import coordinators_of, get_case, lock_case, specialists_of
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core.clocks import find_next, start_clock
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.people import licences
from telemed.people.models import User


def remind_doctors(*, clock: Clock) -> None:
    """Half the time is gone and nobody answered: who was asked hears it again."""
    require_intention()
    case = lock_case(clock.about)
    if case.status not in UNANSWERED:
        return
    for offer in case.offers.filter(status__in=Offer.WAITING).select_related("doctor"):
        tell(case=case, recipient=offer.doctor, template="case.offered", turn=1)
    take_step(case=case, action="case.remind", publish=False)


def escalate(*, clock: Clock) -> None:
    """The time to accept is over: the coordinator takes the case, and the asking doctor knows."""
    require_intention()
    case = lock_case(clock.about)
    if case.status not in UNANSWERED:
        return
    turn = clock.turn * 10 + clock.rung + 1
    people = [*coordinators_of(case.addressee), *([case.requester] if clock.rung == 0 else [])]
    for person in people:
        tell(case=case, recipient=person, template="case.escalated", turn=turn)
    take_step(case=case, action="case.escalate", rung=clock.rung)


def drop_draft(*, clock: Clock) -> None:
    """A draft that nobody touched for its time is withdrawn."""
    require_intention()
    case = lock_case(clock.about)
    if case.status == Status.DRAFT:
        before, case.status = case.status, Status.CANCELLED
        case.cancel_reason = "draft expired"
        case.save(update_fields=["status", "cancel_reason"])
        take_step(case=case, action="case.expire", before=before, publish=False)


def remind_holder(*, clock: Clock) -> None:
    """The opinion is late: the doctor who holds it and the coordinator hear so."""
    require_intention()
    case = lock_case(clock.about)
    if case.status not in HELD:
        return
    people = [case.holder, *coordinators_of(case.addressee)]
    for person in filter(None, people):
        tell(case=case, recipient=person, template="case.late", turn=clock.turn)
    take_step(case=case, action="case.late", publish=False)


def remind_requester(*, clock: Clock) -> None:
    """The receipt is late: the asking doctor hears so; the opinion stays open on their list."""
    require_intention()
    case = lock_case(clock.about)
    if case.status != Status.SIGNED:
        return
    tell(
        case=case,
        recipient=case.requester,
        template="case.receipt_due",
        turn=clock.turn,
    )
    take_step(case=case, action="case.receipt_late", publish=False)


def assign_case(*, actor: User, case_id: UUID, doctor_id: UUID) -> Case:
    """The coordinator asks one doctor by name; the doctor's own accept still binds."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.coordinates(actor, case), _("Your role here may not assign this consult."))
    if not permissions.may_assign(actor, case):
        raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
    doctor = specialists_of(case.addressee).filter(pk=doctor_id).first()
    if doctor is None:
        raise Invalid(_("Choose a doctor from the list."), path="doctor")
    why = licences.why_not(
        doctor.practitioner, case.specialty, case.addressee, timezone.localdate(), answering=True
    )
    if why:
        message = _("{who} cannot accept: {why}").format(who=doctor.name, why=why)
        raise Conflict(message, path="doctor")
    Offer.objects.get_or_create(
        case=case,
        doctor=doctor,
        status__in=Offer.LIVE,
        defaults={"assigned_by": actor, "status": Offer.Status.OFFERED},
    )
    if find_next(case.pk, "case.accept") is None:  # it had run out: the promise begins anew
        start_clock(
            kind="case.accept",
            about=case.pk,
            allowance=promised(case.kind),
            calendar=POLICIES[Kind(case.kind)].calendar,
        )
    before = case.status
    if case.status == Status.SUBMITTED:
        case.status = Status.ROUTED
        case.save(update_fields=["status"])
    take_step(case=case, action="case.assign", before=before, doctor=doctor.name)
    tell(
        case=case,
        recipient=doctor,
        template="case.assigned",
        turn=case.steps.filter(action="case.assign").count(),
        who=actor.name,
    )
    return case
