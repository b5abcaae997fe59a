"""The form of a service, as other systems read it (FHIR QuestionnaireResponse)."""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from records.fhir.walker import check
from scheduling.duties import services
from scheduling.duties.models import Code
from scheduling.registration.models import Group
from tests.consult.requests.looking import published
from tests.factories.duties import FINE, HIGH, SWEET, due, serve, served
from tests.factories.fhir import token_for
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.registration import TeamFactory, join
from tests.marks import committed
from tests.records.fhir.asgi import Client

pytestmark = committed


def form_of(row):
    """The newest version, valid for both of our judges."""
    found = published(getattr(row, "form_id", row.pk))
    QuestionnaireResponse.model_validate({k: v for k, v in found.items() if k != "meta"})
    assert not check(json.loads(json.dumps(found), parse_float=Decimal))[0]
    return found


def answers(form):
    return {one["linkId"]: next(iter(one["answer"][0].values())) for one in form["item"]}


def test_what_was_entered_is_published_and_the_task_names_it():
    duty = served(TeamFactory())
    form = form_of(duty)
    assert form["status"] == "completed"
    assert form["questionnaire"] == "urn:telemed:questionnaire:hypertension"
    assert form["subject"] == {"reference": f"Patient/{duty.contract.patient.fhir_id}"}
    assert form["basedOn"] == [{"reference": f"CarePlan/{duty.contract.plan.pk}"}]
    assert datetime.fromisoformat(form["authored"]) == duty.served_at
    told = answers(form)
    assert told["mode"]["code"] == "face_to_face"
    assert (told["systolic"]["value"], told["diastolic"]["value"]) == (138, 84)
    assert (told["signs"], told["note"]) == (False, FINE.note)
    assert "glucose" not in told
    task = published(duty.pk)
    assert task["resourceType"] == "Task"
    [output] = task["output"]
    assert output["valueReference"] == {"reference": f"QuestionnaireResponse/{form['id']}"}


def test_a_form_that_a_warning_stopped_is_in_progress_until_the_service_is_done():
    duty = serve(due(TeamFactory(), Code.DIABETES, group=Group.DIABETES), found=SWEET)
    form = form_of(duty)
    assert (form["status"], answers(form)["glucose"]["value"]) == ("in-progress", 16.7)
    assert published(duty.pk)["output"]
    serve(duty, found=replace(SWEET, refusal="病人不愿意去"))
    form = form_of(duty)
    assert (form["status"], answers(form)["refusal"]) == ("completed", "病人不愿意去")


def test_nothing_entered_has_no_form():
    duty = due(TeamFactory())
    assert "output" not in published(duty.pk)
    assert published(duty.form_id) is None


def test_what_was_taken_back_stays_as_an_error(by):
    duty = served(TeamFactory())
    with by(duty.served_by):
        services.take_back(actor=duty.served_by, duty_id=duty.pk)
    form = form_of(duty)
    assert form["status"] == "entered-in-error"
    assert answers(form)["systolic"]["value"] == 138
    assert "output" not in published(duty.pk)
    serve(duty)
    assert form_of(duty)["status"] == "completed"


def test_a_further_visit_has_a_form_of_its_own(by):
    team = TeamFactory()
    duty = served(team, join(team))
    with by(team.leader):
        visit = services.add_visit(
            actor=team.leader, duty_id=duty.pk, found=HIGH, because="两人都到了"
        )
    form = form_of(visit)
    assert form["questionnaire"] == form_of(duty)["questionnaire"]
    assert answers(form)["systolic"]["value"] == 182


def test_it_is_searched_by_person_form_and_day_and_written_by_nobody():
    duty = served(TeamFactory())
    owner = Client(token_for(duty.contract.patient.user))
    stranger = Client(token_for(PatientFactory(user=UserFactory()).user))
    patient, day = duty.contract.patient.fhir_id, f"{timezone.localtime(duty.served_at):%Y-%m-%d}"
    name = "urn:telemed:questionnaire:hypertension"
    for asked in (f"subject=Patient/{patient}", f"questionnaire={name}", f"authored={day}"):
        where = f"/fhir/QuestionnaireResponse?{asked}"
        assert owner.get(where).ids == [str(duty.form_id)], asked
        assert stranger.get(where).ids == [], asked
    assert owner.get(f"/fhir/QuestionnaireResponse?questionnaire={name}-other").ids == []
    told = form_of(duty) | {"status": "stopped"}
    answer = owner.put(f"/fhir/QuestionnaireResponse/{duty.form_id}", told)
    assert answer.status in (403, 405), answer.body
