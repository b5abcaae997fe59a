"""An emergency's page: about somebody nobody could look up, sent by a script, kept by a device."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.requests.models import Case
from records.imaging.models import Study
from records.mpi.models import Patient
from telemed.people.models import Role
from tests.factories.consult import drafted_case
from tests.factories.people import PatientFactory, StaffFactory, treated

pytestmark = pytest.mark.django_db
PAGE = reverse("requests:emergency")
SCRIPT = {"accept": "application/json"}


@pytest.fixture
def scene(client):
    scene = drafted_case()
    client.force_login(scene.asker)
    return scene


@pytest.fixture
def send(client, scene):
    def sent(**more):
        form = {
            "patient": "unknown",
            "what": "stroke",
            "asked": scene.hospital.pk,
            "consent": "deferred",
            "key": "once",
        }
        return client.post(PAGE, {**form, **more}, headers=SCRIPT)

    return sent


def emergency() -> Case:
    return Case.objects.get(kind="emergency")


def test_somebody_unknown_gets_a_temporary_number_and_is_asked_about_at_once(send, scene):
    answer = send(age="60", sex="male")
    case = emergency()
    assert answer.json() == {"url": reverse("requests:case", args=[case.pk])}
    assert case.status == "routed"
    assert case.reason.endswith("约 60 岁")
    assert (case.patient.temporary_because, case.patient.sex) == ("unconscious", "male")
    assert case.patient.managing_organisation == scene.clinic


def test_a_known_name_is_kept_even_if_somebody_has_it_already(send, scene):
    PatientFactory(name="杨秀英", sex="female", managing_organisation=scene.clinic)
    assert send(name="杨秀英", sex="female").status_code == 200
    patient = emergency().patient
    assert (patient.name, patient.temporary_because) == ("杨秀英", "undocumented")


def test_sent_again_it_is_the_same_person_and_the_same_case(send):
    people = Patient.objects.count()
    assert send().json() == send().json()
    assert Case.objects.filter(kind="emergency").count() == 1
    assert Patient.objects.count() == people + 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("patient", "nobody"), ("age", "a hundred"), ("age", "300"), ("sex", "x"), ("what", "x")],
)
def test_what_cannot_be_read_is_refused_and_nobody_is_registered(send, field, value):
    people = Patient.objects.count()
    answer = send(**{field: value})
    assert (answer.status_code, answer.json()["path"]) == (422, field)
    assert answer.json()["text"]
    assert field != "age" or "130" in answer.json()["text"]
    assert Patient.objects.count() == people


def studies_of(patient, organisation):
    """Of today and of yesterday."""
    now = timezone.now()
    return [
        Study.objects.create(
            patient=patient,
            organisation=organisation,
            study_uid=f"2.25.{patient.pk.int}{days}",
            studied_at=now - timedelta(days=days),
        )
        for days in (0, 1)
    ]


def test_what_was_attached_goes_along_with_what_was_chosen(send, scene):
    chosen, attached = studies_of(scene.patient, scene.clinic)
    studies_of(treated(PatientFactory(), scene.clinic), scene.clinic)
    answer = send(patient=scene.patient.pk, studies=str(chosen.pk), attached=str(attached.pk))
    assert answer.status_code == 200
    assert set(emergency().studies.all()) == {chosen, attached}


def test_nothing_goes_along_that_nobody_chose(send, scene):
    studies_of(scene.patient, scene.clinic)
    assert send(patient=scene.patient.pk).status_code == 200
    assert not emergency().studies.exists()


@pytest.mark.parametrize("whose", ["somebody else", "nobody"])
def test_only_images_of_that_patient_go_along(send, scene, whose):
    other = treated(PatientFactory(), scene.clinic)
    of_another, _older = studies_of(other, scene.clinic)
    sent = str(of_another.pk) if whose == "somebody else" else "the ECG"
    answer = send(patient=scene.patient.pk, studies=sent)
    assert (answer.status_code, answer.json()["path"]) == (422, "studies")
    assert not Case.objects.filter(kind="emergency").exists()


def test_the_kit_is_about_nobody_and_holds_no_token(client, scene):
    page = client.get(reverse("requests:kit")).content.decode()
    assert scene.patient.name not in page
    assert "csrfmiddlewaretoken" not in page
    assert scene.hospital.name in page


def test_the_kit_is_for_who_asks(client, scene):
    client.force_login(StaffFactory(role=Role.SPECIALIST))
    assert client.get(reverse("requests:kit")).status_code == 403


def test_the_worker_may_serve_the_whole_house(client):
    answer = client.get(reverse("web:worker"))
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("requests:kit") in answer.content.decode()
