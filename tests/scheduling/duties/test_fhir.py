"""Duties as others see them, with the codes of workflows.md section 16."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.task import Task

from records.chart.queries import Chart
from records.fhir.models import Version
from scheduling.duties import services
from scheduling.duties.models import Code, Duty, Plan, Reading
from scheduling.registration import services as registration
from scheduling.registration.models import Group
from telemed.core import outbox
from tests.factories.duties import FINE, HIGH, SWEET, due, serve, served
from tests.factories.registration import TeamFactory, join

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


def test_what_was_measured_is_in_the_record(by):
    team = TeamFactory()
    duty = served(team)
    reading = Reading.objects.get(duty=duty)
    told = newest(reading, Observation)
    assert told["status"] == "final"
    assert told["code"]["coding"][0]["code"] == "85354-9"
    parts = {one["code"]["coding"][0]["code"]: one["valueQuantity"] for one in told["component"]}
    assert {code: part["value"] for code, part in parts.items()} == {"8480-6": 138, "8462-4": 84}
    assert {part["code"] for part in parts.values()} == {"mm[Hg]"}
    patient = duty.contract.patient
    assert told["subject"] == {"reference": f"Patient/{patient.fhir_id}"}
    shown = [one.newest.label for one in Chart(patient, ["Observation"]).results.rows]
    assert len(shown) == 1


def test_a_warning_is_there_at_once_and_what_replaces_it_is_a_version():
    duty = due(TeamFactory(), Code.DIABETES, group=Group.DIABETES)
    serve(duty, found=SWEET)
    serve(duty, found=replace(SWEET, glucose=Decimal("17.0"), refusal="病人不愿意去"))
    told = newest(Reading.objects.get(duty=duty), Observation)
    assert told["valueQuantity"]["value"] == 17.0
    assert told["valueQuantity"]["unit"] == "mmol/L"


def test_what_is_struck_says_so_and_a_further_visit_has_its_own(by):
    team = TeamFactory()
    colleague = join(team)
    duty = served(team, colleague)
    with by(team.leader):
        services.add_visit(actor=team.leader, duty_id=duty.pk, found=FINE, because="两人都到了")
    resident = duty.contract.patient.user
    with by(resident):
        services.dispute(actor=resident, duty_id=duty.pk)
    with by(team.leader):
        services.settle(actor=team.leader, duty_id=duty.pk, kept=False, why="登记本上没有这次服务")
    mine = Reading.objects.get(duty=duty, visit=None)
    assert newest(mine, Observation)["status"] == "entered-in-error"
    assert newest(Reading.objects.exclude(visit=None).get(), Observation)["status"] == "final"
