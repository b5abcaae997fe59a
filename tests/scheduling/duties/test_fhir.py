"""Duties as others see them, with the codes of workflows.md section 16."""

import json

import pytest
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.task import Task

from records.fhir.models import Version
from scheduling.duties import services
from scheduling.duties.models import Code, Duty, Plan
from scheduling.registration import services as registration
from telemed.core import outbox
from tests.factories.duties import HIGH, due, serve
from tests.factories.registration import TeamFactory

pytestmark = pytest.mark.django_db


def newest(row, model):
    bodies = [json.loads(one.body) for one in Version.objects.order_by("version")]
    last = [one for one in bodies if one["id"] == str(row.pk)][-1]
    model.model_validate({key: value for key, value in last.items() if key != "meta"})
    return last


def test_each_state_has_its_code(by):
    team = TeamFactory()
    duty = due(team)
    resident, plan = duty.contract.patient.user, Plan.objects.get()
    assert newest(duty, Task)["status"] == "ready"
    assert newest(duty, Task)["focus"] == {"reference": f"CarePlan/{plan.pk}"}
    assert newest(plan, CarePlan)["status"] == "active"
    planned = Duty.objects.filter(status="planned").first()
    assert planned is None or newest(planned, Task)["status"] == "requested"
    serve(duty, found=HIGH)
    assert newest(duty, Task)["status"] == "on-hold"
    assert newest(Duty.objects.get(rule=Code.RECHECK), Task)["status"] == "ready"
    serve(duty, found=HIGH.__class__(**{**vars(HIGH), "refusal": "病人不愿意去"}))
    assert newest(duty, Task)["status"] == "in-progress"
    with by(resident):
        services.confirm(actor=resident, duty_id=duty.pk)
    assert newest(duty, Task)["status"] == "completed"
    with by(resident):
        services.dispute(actor=resident, duty_id=duty.pk)
    assert newest(duty, Task)["status"] == "on-hold"
    assert newest(duty, Task)["businessStatus"] == {"text": "disputed"}


def test_the_plan_ends_with_the_contract(by):
    team = TeamFactory()
    duty = due(team)
    outbox.deliver_waiting()
    with by(team.leader):
        registration.end(actor=team.leader, contract_id=duty.contract_id, because="moved")
    outbox.deliver_waiting()
    assert newest(Plan.objects.get(), CarePlan)["status"] == "revoked"
    assert newest(duty, Task)["status"] == "cancelled"
