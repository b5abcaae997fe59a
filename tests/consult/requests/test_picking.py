"""What an emergency takes along: an ECG of just now by itself, everything else by a tick."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from consult.requests import presenting, queries
from consult.requests.models import Case
from records.imaging.models import Study
from telemed.audit.models import AuditRow
from telemed.people.models import Role
from tests.factories.consult import drafted_case
from tests.factories.people import PatientFactory, StaffFactory, treated

pytestmark = pytest.mark.django_db
PAGE, PART = reverse("requests:emergency"), reverse("requests:recent")
SCRIPT = {"accept": "application/json"}


@pytest.fixture
def scene(client):
    with time_machine.travel("2026-11-24T10:00+08:00", tick=False):
        scene = drafted_case()
        scene.asker.language = "en"
        scene.asker.save()
        client.force_login(scene.asker)
        yield scene


@pytest.fixture
def recorded(scene):
    def recorded(modality="ECG", patient=None, **ago):
        at = timezone.now() - timedelta(**ago)
        return Study.objects.create(
            patient=patient or scene.patient,
            organisation=scene.clinic,
            study_uid=f"1.2.{Study.objects.count()}",
            modality=modality,
            studied_at=at,
        )

    return recorded


def chosen(scene):
    found = presenting.picking(queries.recent_studies(scene.asker, scene.patient))
    return [(pick.study, pick.chosen) for pick in found.picks], found.by_itself


def send(client, scene, **more):
    form = {
        "patient": scene.patient.pk,
        "what": "chest_pain",
        "asked": scene.hospital.pk,
        "consent": "deferred",
        "fee": 12000,
        "key": "once",
        **more,
    }
    return client.post(PAGE, form, headers=SCRIPT)


def taken():
    return set(Case.objects.get(kind="emergency").studies.all())


def test_ecgs_first_then_the_newest_and_nothing_older_than_a_day(scene, recorded):
    thorax, old = recorded("CR", minutes=5), recorded("ECG", hours=25)
    first, second = recorded("ECG", minutes=30), recorded("ECG", hours=5)
    picks, _by_itself = chosen(scene)
    assert [study for study, _chosen in picks] == [first, second, thorax]
    assert old not in dict(picks)


@pytest.mark.parametrize(("minutes", "by_itself"), [(119, True), (121, False)])
def test_only_an_ecg_of_the_last_two_hours_stands_chosen(scene, recorded, minutes, by_itself):
    recorded("CT", minutes=1)
    ecg = recorded("ECG", minutes=minutes)
    picks, found = chosen(scene)
    assert [study for study, ticked in picks if ticked] == ([ecg] if by_itself else [])
    assert bool(found) == by_itself


def test_of_two_fresh_ecgs_the_newest_alone(scene, recorded):
    recorded("ECG", minutes=50)
    newest = recorded("ECG", minutes=10)
    picks, found = chosen(scene)
    assert [study for study, ticked in picks if ticked] == [newest]
    assert found.study == newest


def test_a_recorder_whose_clock_runs_ahead_is_no_newer_than_what_we_got(scene, recorded):
    ahead = recorded("ECG", hours=-3)
    Study.objects.filter(pk=ahead.pk).update(created_at=timezone.now() - timedelta(hours=3))
    picks, found = chosen(scene)
    assert (picks, found) == ([(ahead, False)], None)


def test_the_page_says_what_is_chosen_by_itself_and_what_is_not(client, scene, recorded):
    recorded("CT", hours=3)
    page = client.get(PART, {"patient": scene.patient.pk}).content.decode()
    assert "Nothing is chosen by itself" in page
    assert "checked" not in page
    ecg = recorded("ECG", minutes=10)
    for page in (
        client.get(PART, {"patient": scene.patient.pk}),
        client.get(PAGE, {"patient": scene.patient.pk}),
    ):
        text = page.content.decode()
        assert "The ECG of the last 2 hours is chosen by itself." in text
        assert f'name="studies" value="{ecg.pk}" checked' in text


def test_with_nothing_recorded_the_page_says_so(client, scene):
    page = client.get(PART, {"patient": scene.patient.pk}).content.decode()
    assert "No ECG and no images of the last 24 hours" in page


def test_without_a_line_it_says_that_there_is_nothing_to_choose(client, scene, recorded):
    recorded("ECG", minutes=10)
    page = client.get(reverse("requests:kit")).content.decode()
    assert "Without a line there is no ECG to choose from" in page
    assert 'name="studies"' not in page


def test_what_was_ticked_goes_along_and_nothing_else(client, scene, recorded):
    ecg, thorax, _other = recorded(minutes=9), recorded("CR", hours=1), recorded("CT", hours=2)
    assert send(client, scene, studies=[ecg.pk, thorax.pk]).status_code == 200
    assert taken() == {ecg, thorax}


def test_a_device_sends_its_ticks_as_one_text(client, scene, recorded):
    ecg, thorax = recorded(minutes=9), recorded("CR", hours=1)
    assert send(client, scene, studies=f"{ecg.pk},{thorax.pk}").status_code == 200
    assert taken() == {ecg, thorax}


def test_unticked_nothing_goes_along(client, scene, recorded):
    recorded(minutes=9)
    assert send(client, scene).status_code == 200
    assert taken() == set()


@pytest.mark.parametrize("whose", ["another", "nobody", "garbled"])
def test_only_what_is_this_patients(client, scene, recorded, whose):
    other = recorded(patient=treated(PatientFactory(), scene.clinic), minutes=9)
    sent = {"another": other.pk, "nobody": scene.patient.pk, "garbled": "x"}[whose]
    answer = send(client, scene, studies=[sent])
    assert (answer.status_code, answer.json()["path"]) == (422, "studies")
    assert not Case.objects.filter(kind="emergency").exists()


def test_a_refused_form_keeps_the_ticks(client, scene, recorded):
    ecg, thorax = recorded(minutes=9), recorded("CR", hours=1)
    form = {"patient": scene.patient.pk, "consent": "deferred", "key": "k", "studies": [thorax.pk]}
    page = client.post(PAGE, form, follow=True).content.decode()
    assert f'value="{thorax.pk}" checked' in page
    assert f'value="{ecg.pk}" checked' not in page


def test_looking_it_up_leaves_its_trace_and_is_for_who_asks_about_their_own(client, scene):
    client.get(PART, {"patient": scene.patient.pk})
    row = AuditRow.objects.get(action="record.read")
    assert row.patient_id == str(scene.patient.pk)
    assert client.get(PART, {"patient": PatientFactory().pk}).status_code == 404
    assert client.get(PART, {"patient": "x"}, headers=SCRIPT).status_code == 422
    client.force_login(StaffFactory(role=Role.COORDINATOR))
    assert client.get(PART, {"patient": scene.patient.pk}).status_code == 403
