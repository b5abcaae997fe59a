"""The form of a service, as other systems read it (FHIR QuestionnaireResponse)."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from records.fhir.models import Resource
from records.fhir.walker import check
from scheduling.duties import services
from scheduling.duties.models import Code, Duty, Visit
from scheduling.duties.tasks import plan_duties_task
from scheduling.registration.models import Group
from telemed.core.intentions import System
from tests.consult.requests.looking import published
from tests.factories.duties import FINE, HIGH, SWEET, due, left_window, serve, served
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


def before_there_were_forms(*values):
    """A service each that was done with that pressure, and is in nobody's store."""
    contract = due(TeamFactory()).contract
    for n, systolic in enumerate(values):
        left_window(contract, 1, kept=1, day=timezone.localdate() - timedelta(days=100 * (n + 1)))
        newest = Duty.objects.latest("created_at")
        Duty.objects.filter(pk=newest.pk).update(systolic=systolic, diastolic=80)
    return list(Duty.objects.filter(served_at__isnull=False).order_by("pk"))


def versions(pk):
    row = Resource.objects.get(fhir_id=str(pk))
    return row.version


def test_what_was_entered_before_there_were_forms_gets_its_own_by_night():
    duties = before_there_were_forms(131, 152)
    assert [published(duty.form_id) for duty in duties] == [None, None]
    plan_duties_task()
    found = [answers(form_of(duty))["systolic"]["value"] for duty in duties]
    assert found == [131, 152]
    assert all(published(duty.pk)["output"] for duty in duties)
    plan_duties_task()
    assert [versions(duty.form_id) for duty in duties] == [1, 1]


def test_a_fill_that_is_cut_off_goes_on_and_leaves_what_has_a_form(by):
    duties = [*before_there_were_forms(131, 152), served(TeamFactory())]
    for done in (1, 1, 0):
        with by(System("planner")):
            assert services.file_part(1) == done
    assert [versions(duty.form_id) for duty in duties] == [1, 1, 1]


def test_a_further_visit_from_before_there_were_forms_gets_its_own(by):
    duty = served(TeamFactory())
    visit = Visit.objects.create(
        duty=duty,
        mode="face_to_face",
        served_by=duty.served_by,
        served_at=timezone.now(),
        systolic=182,
        diastolic=96,
        because="两人都到了",
        filed=False,
    )
    plan_duties_task()
    assert answers(form_of(visit))["systolic"]["value"] == 182
    with by(System("planner")):
        assert services.file_visits(1) == 0


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
