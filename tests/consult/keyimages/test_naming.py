"""A key image that was kept by its number leads to its picture, also when the series has grown."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from consult.keyimages import panels
from consult.keyimages.models import KeyImage
from records.imaging.models import Instance, Study
from tests.factories.imaging import dicom_bytes

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
HOUR = timedelta(hours=1)


@pytest.fixture
def come(client, scene):
    """come(z, hours): a slice at that height, so many hours after the case began."""

    def send(z, hours):
        client.force_login(scene.asker)
        url = reverse("imaging:upload", args=[scene.patient.pk])
        content = dicom_bytes(ImagePositionPatient=[0, 0, z], InstanceNumber=z)
        client.post(url, content, content_type="application/octet-stream", headers=JSON)
        one = Instance.objects.get(number=z)
        Instance.objects.filter(pk=one.pk).update(created_at=scene.case.created_at + hours * HOUR)
        return one

    return send


def kept(scene, place, *, hours, **changed):
    study = Study.objects.get()
    one = KeyImage.objects.create(
        case=scene.case,
        study=study,
        series=study.series.get().series_uid,
        slice=place,
        view=changed.pop("view", {"centre": 40}),
        marks=[{"id": "m1"}],
        caption="CT",
        sha256="0" * 64,
        width=1,
        height=1,
        made_by=scene.asker,
        client_id=uuid4(),
        **changed,
    )
    KeyImage.objects.filter(pk=one.pk).update(created_at=scene.case.created_at + hours * HOUR)
    return KeyImage.objects.get()


def test_what_stood_still_while_the_page_was_open_has_a_name(scene, come):
    come(20, -2)
    second = come(40, -1)
    one = kept(scene, 1, hours=1)
    come(10, 2)
    come(30, 3)  # the second is the fourth by now
    data = panels.as_data(one)
    assert data["view"] == {"centre": 40, "picture": f"{second.pk}/0"}
    assert data["marks"] == [{"id": "m1", "picture": f"{second.pk}/0"}]
    assert one.view == {"centre": 40}  # what was signed


@pytest.mark.parametrize("hours", [-0.01, 0.5])
def test_what_came_while_it_may_have_been_open_leaves_it_in_doubt(scene, come, hours):
    come(20, -2)
    come(40, -1)
    come(10, hours)
    data = panels.as_data(kept(scene, 1, hours=1))
    assert (data["view"], data["marks"]) == ({"centre": 40}, [{"id": "m1"}])


def test_a_place_that_there_was_not_stays_without_a_name(scene, come):
    come(20, -2)
    assert panels.as_data(kept(scene, 1, hours=1))["view"] == {"centre": 40}


def test_what_has_a_name_keeps_it(scene, come):
    come(20, -2)
    view = {"picture": "x/0"}
    assert panels.as_data(kept(scene, 0, hours=1, view=view))["view"] == view
