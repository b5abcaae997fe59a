"""What an open viewer asks: which studies came or grew since it was made."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from records.imaging.models import Study
from records.imaging.queries import LATE
from tests.factories.imaging import dicom_bytes
from tests.factories.people import PatientFactory, StaffFactory
from tests.records.imaging.test_views import manifest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
LONG = 2 * LATE


def news(client, patient, since):
    answer = client.get(reverse("imaging:news", args=[patient.pk]), {"since": since})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.json()


def test_a_study_that_grew_is_named_with_how_many_pictures_it_has(signed_in, send, patient):
    send(dicom_bytes(InstanceNumber=1))
    seen = manifest(signed_in)
    now = timezone.now()
    with time_machine.travel(now + LONG, tick=False):
        first = news(signed_in, patient, timezone.now().isoformat())
        assert first["studies"] == []
        send(dicom_bytes(InstanceNumber=2), name="b.dcm")

        told = news(signed_in, patient, first["at"])

    (study,) = told["studies"]
    assert study["id"] == seen["study"]["id"]
    assert (seen["pictures"], study["pictures"]) == (1, 2)
    assert study["manifest"] == reverse("imaging:series", args=[study["id"]])


def test_what_was_written_before_the_last_look_and_is_seen_only_now_is_not_missed(
    signed_in, send, patient
):
    send(dicom_bytes())
    changed = Study.objects.get().changed_at

    within = news(signed_in, patient, (changed + LATE - timedelta(seconds=1)).isoformat())
    after = news(signed_in, patient, (changed + LATE + timedelta(seconds=1)).isoformat())

    assert (len(within["studies"]), len(after["studies"])) == (1, 0)


def test_it_is_no_read_of_the_pictures_and_nobody_elses(signed_in, send, patient, client):
    send(dicom_bytes())
    address = reverse("imaging:news", args=[patient.pk])
    since = {"since": "2020-01-01T00:00:00+08:00"}
    assert len(signed_in.get(address, since).json()["studies"]) == 1
    other = reverse("imaging:news", args=[PatientFactory().pk])
    assert signed_in.get(other, since).status_code == 404

    client.force_login(StaffFactory())
    assert client.get(address, since).status_code == 404


@pytest.mark.parametrize("since", ["", "yesterday"])
def test_it_says_since_when(signed_in, patient, since):
    address = reverse("imaging:news", args=[patient.pk])
    answer = signed_in.get(address, {"since": since}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["path"] == "since"
