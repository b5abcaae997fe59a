"""What a hospital planned for a patient who is back is owed by the family doctor, day by day."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone

from scheduling.duties import clock_rows
from scheduling.duties.calendar import QUARTER, WINDOW
from scheduling.duties.models import OPEN, Code, Duty, Plan, Status
from scheduling.referrals import services as referrals
from scheduling.referrals.models import PlanItem, Referral
from scheduling.registration.models import Contract
from scheduling.registration.queries import current_of
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.intentions import require_intention

LONGEST = 500  # of what one day asks


def plan_after_care(payload: dict[str, Any]) -> None:
    """
    The plan was taken over: a duty for each day that it names, of whoever has a family doctor.

    Heard twice, everything is there already. Nobody without a contract has duties: what is planned
    stands on the list of the referral alone.
    """
    referral = Referral.objects.select_related("patient").get(pk=UUID(payload["referral_id"]))
    contract = current_of(referral.patient)
    if contract is None or not Plan.objects.filter(contract=contract).exists():
        return
    items = referral.plan.filter(done_at=None).order_by("due_on", "pk")
    for _day, few in groupby(items, key=lambda item: item.due_on):
        _owe(contract, list(few))


def tick_off(payload: dict[str, Any]) -> None:
    """What was done as a duty is done on the list of the referral, too."""
    duty = Duty.objects.select_related("contract", "served_by").get(pk=UUID(payload["duty_id"]))
    if duty.rule == Code.AFTER_CARE and duty.served_by:
        referrals.note_done(
            person_key=duty.contract.person_key, due_on=duty.due_on, by=duty.served_by
        )


def _owe(contract: Contract, items: list[PlanItem]) -> None:
    """One duty a day: what two hospitals plan for the same day is done at one visit."""
    require_intention()
    due_on = items[0].due_on
    duty, new = Duty.objects.get_or_create(
        contract=contract,
        rule=Code.AFTER_CARE,
        due_on=due_on,
        defaults={
            "closes_on": due_on + timedelta(days=QUARTER),
            "face": False,
            "status": _begins(due_on <= timezone.localdate() + WINDOW),
            "what": _together("", items),
        },
    )
    if new:
        if duty.status == Status.DUE:
            clock_rows.start_window(duty, new=True)
    elif duty.status in OPEN:
        before, duty.what = duty.what, _together(duty.what, items)
        if duty.what == before:
            return
        duty.save(update_fields=["what"])
    else:
        return
    publication.publish(duty, new=new)
    audit.record(action="duty.plan", target=duty, patient_id=contract.patient_id)


def _begins(soon: bool) -> Status:
    return Status.DUE if soon else Status.PLANNED


def _together(known: str, items: Iterable[PlanItem]) -> str:
    """Each thing once."""
    parts = [one for one in known.split("；") if one]
    for item in items:
        if item.what not in parts:
            parts.append(item.what)
    return "；".join(parts)[:LONGEST]
