"""A high blood pressure in somebody not known to have it: measured again, then a doctor's word."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.duties import calendar, clock_rows, limits, queries, screening
from scheduling.duties.events import GroupProposed
from scheduling.duties.models import Answer, Code, Duty, Proposal, Status
from scheduling.duties.services.finding import Findings
from scheduling.duties.services.planning import plan_part
from scheduling.registration import queries as registration
from scheduling.registration.models import Contract, Group
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.licences import is_village_doctor
from telemed.people.models import User


def screen(duty: Duty, found: Findings) -> None:
    """Another day is planned after the first and the second; the third proposes the group."""
    require_intention()
    if duty.rule not in calendar.SCREENED or calendar.PRESSURE not in found.uncontrolled:
        return
    contract = duty.contract
    if Group.HYPERTENSION.value in contract.plan.groups:
        return
    days = screening.high_days(contract.person_key)
    if len(days) >= calendar.HIGH_DAYS:
        _propose(duty)
    elif days and not screening.is_measured_again(contract):
        _plan_another_day(contract, days)


def answer_proposal(*, actor: User, contract_id: UUID, confirmed: bool, because: str) -> Proposal:
    """
    A doctor of the team says whether it is so. A diagnosis is no village doctor's (ADR 0059).

    The same again answers what was said.
    """
    require_intention()
    plan = queries.get_plan(actor, contract_id, lock=True)
    contract = plan.contract
    said = _("A doctor of the team confirms it.")
    require(registration.is_member(actor, contract.team), said)
    require(not is_village_doctor(actor), said)
    rows = Proposal.objects.select_for_update(no_key=True).filter(contract=contract)
    proposal = rows.order_by("created_at").last()
    if proposal is None:
        raise Conflict(_("Nothing is proposed here."), path="answer")
    answer = Answer.CONFIRMED if confirmed else Answer.DECLINED
    if proposal.answer != Answer.OPEN:
        if proposal.answer != answer:
            raise Conflict(_("This was answered already."), path="answer")
        return proposal
    if not confirmed and len(because.strip()) < limits.BECAUSE:
        sentence = _("Write at least {n} characters why it is not so.").format(n=limits.BECAUSE)
        raise Invalid(sentence, path="because")
    proposal.answer, proposal.because = answer, "" if confirmed else because.strip()
    proposal.answered_by, proposal.answered_at = actor, moments.now()
    proposal.save()
    audit.record(action=f"proposal.{answer}", target=proposal, patient_id=contract.patient_id)
    if confirmed:
        publication.publish(proposal, new=True)
        plan.groups = sorted({*plan.groups, proposal.group})
        plan.save(update_fields=["groups"])
        plan_part([plan.pk])
    return proposal


def _propose(duty: Duty) -> None:
    contract = duty.contract
    proposal, new = Proposal.objects.get_or_create(
        contract=contract, group=Group.HYPERTENSION, answer=Answer.OPEN
    )
    if new:
        audit.record(action="proposal.open", target=proposal, patient_id=contract.patient_id)
        outbox.announce(GroupProposed(duty_id=duty.pk))


def _plan_another_day(contract: Contract, days: list[date]) -> None:
    """In a week; open until four weeks after the first of these days, or for a window."""
    due_on = max(days[0] + calendar.ANOTHER_DAY, timezone.localdate())
    duty, new = Duty.objects.get_or_create(
        contract=contract,
        rule=Code.PRESSURE_AGAIN,
        due_on=due_on,
        defaults={
            "closes_on": max(days[-1] + calendar.WITHIN, due_on + calendar.WINDOW),
            "face": True,
            "status": Status.DUE,
            "asks": [calendar.PRESSURE],
        },
    )
    if new:
        clock_rows.start_window(duty, new=True)
        publication.publish(duty, new=True)
        audit.record(action="duty.plan", target=duty, patient_id=contract.patient_id)
