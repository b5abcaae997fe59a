"""Keeping pictures: once, for one person, and as they came."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from records.imaging import files, intake, queries, services
from records.imaging.models import Instance, Opening, Series, Study
from telemed.audit.models import AuditRow
from telemed.core.errors import Forbidden, NotFound
from telemed.devices.models import Device
from tests.factories.imaging import STUDY_UID, dicom_bytes
from tests.factories.people import PatientFactory, StaffFactory, treated

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    """bring(b"…", …): files that arrived and were checked."""

    def check(*contents):
        found = []
        for number, content in enumerate(contents):
            path = tmp_path / f"in{number}"
            path.write_bytes(content)
            found += intake.sort_out(files.settle(path), f"in{number}", "test")
        return found

    return check


@pytest.fixture
def store_as(by, published):
    def store(actor, patient, pictures):
        with by(actor):
            return services.store_pictures(actor=actor, patient=patient, pictures=pictures)

    return store


def test_a_picture_is_kept_as_it_came_and_published(bring, store_as, doctor, patient, published):
    original = dicom_bytes(StudyDate="20260923", StudyTime="101400.5", StudyDescription="头颅")

    kept = store_as(doctor, patient, bring(original))

    instance = Instance.objects.get()
    study = Study.objects.get()
    assert kept.accepted == ["in0"]
    assert files.path_of(instance.sha256).read_bytes() == original
    assert timezone.localtime(study.studied_at).isoformat() == "2026-09-23T10:14:00+08:00"
    assert (study.described, study.organisation, study.frame_count) == (
        "头颅",
        doctor.organisation,
        1,
    )
    assert study.stated["name"] == "张 三丰"
    (resource,) = published
    assert resource["resourceType"] == "ImagingStudy"
    assert resource["subject"] == {"reference": f"Patient/{patient.fhir_id}"}
    assert resource["numberOfInstances"] == 1
    assert AuditRow.objects.get().action == "study.store"


def test_a_picture_says_when_its_device_was_used(bring, store_as, doctor, patient):
    device = Device.objects.create(
        organisation=doctor.organisation, kind="ct", name="CT 16", serial="SN-77"
    )
    made = dicom_bytes(StudyDate="20260923", StudyTime="101400", DeviceSerialNumber="SN-77")

    store_as(doctor, patient, bring(made))

    device.refresh_from_db()
    assert timezone.localtime(device.used_at).isoformat() == "2026-09-23T10:14:00+08:00"


def test_the_same_file_again_changes_nothing(bring, store_as, doctor, patient):
    original = dicom_bytes()
    store_as(doctor, patient, bring(original))

    again = store_as(doctor, patient, bring(original))

    assert (again.accepted, again.already) == ([], ["in0"])
    assert Instance.objects.count() == 1
    assert AuditRow.objects.count() == 1


def test_other_bytes_under_a_known_identifier_are_refused(bring, store_as, doctor, patient, store):
    store_as(doctor, patient, bring(dicom_bytes(SOPInstanceUID="1.2.3")))
    forged, sound = dicom_bytes(SOPInstanceUID="1.2.3", PatientID="X"), dicom_bytes()

    kept = store_as(doctor, patient, bring(forged, sound))

    assert [item.name for item in kept.refused] == ["in0"]
    assert kept.accepted == ["in1"]
    kept_files = [path for path in store.rglob("*") if path.is_file()]
    assert len(kept_files) == 2


def test_a_study_stays_with_one_person(bring, store_as, doctor, patient):
    other = treated(PatientFactory(name="李四"), doctor.organisation)
    store_as(doctor, patient, bring(dicom_bytes()))

    kept = store_as(doctor, other, bring(dicom_bytes()))

    assert [item.name for item in kept.refused] == ["in0"]
    assert kept.studies == []
    assert Instance.objects.count() == 1
    assert Study.objects.get().patient == patient


def test_who_does_not_treat_the_patient_adds_nothing(bring, store_as, patient):
    with pytest.raises(Forbidden):
        store_as(StaffFactory(), patient, bring(dicom_bytes()))
    assert not Study.objects.exists()


def test_while_an_upload_runs_a_study_is_published_every_two_seconds_and_when_quiet(
    bring, store_as, doctor, patient, published, by
):
    with time_machine.travel("2026-09-23T02:00:00Z", tick=False) as clock:
        for _number in range(5):
            store_as(doctor, patient, bring(dicom_bytes()))
        assert len(published) == 1
        clock.shift(timedelta(seconds=3))
        with by(doctor):
            assert services.settle_studies() == 1
        with by(doctor):
            assert services.settle_studies() == 0

    assert [resource["numberOfInstances"] for resource in published] == [1, 5]


def test_two_series_of_a_study_stay_apart(bring, store_as, doctor, patient):
    store_as(
        doctor,
        patient,
        bring(dicom_bytes(), dicom_bytes(SeriesInstanceUID=f"{STUDY_UID}.2", SeriesNumber=10**12)),
    )
    assert Series.objects.filter(study=Study.objects.get()).count() == 2


def test_opening_a_study_is_one_audited_read_and_its_frames_are_counted(
    bring, store_as, doctor, patient, by
):
    store_as(doctor, patient, bring(dicom_bytes()))
    study, instance = Study.objects.get(), Instance.objects.get()

    with by(doctor):
        services.open_study(actor=doctor, study_id=study.pk)
    for _number in range(3):
        with by(doctor):
            services.take_frame(actor=doctor, instance_id=instance.pk, index=0)
    with by(doctor):
        services.open_study(actor=doctor, study_id=study.pk, again=False)

    read = AuditRow.objects.get(action="study.read")
    assert (read.patient_id, read.reason) == (str(patient.pk), "treated_here")
    assert Opening.objects.get().frames == 3


def test_a_frame_needs_an_opening_that_still_lasts(bring, store_as, doctor, patient, by):
    store_as(doctor, patient, bring(dicom_bytes()))
    study, instance = Study.objects.get(), Instance.objects.get()
    take = {"actor": doctor, "instance_id": instance.pk, "index": 0}

    with pytest.raises(NotFound), by(doctor):
        services.take_frame(**take)
    with by(doctor):
        services.open_study(actor=doctor, study_id=study.pk)
    with (
        time_machine.travel(timezone.now() + timedelta(hours=13)),
        pytest.raises(NotFound),
        by(doctor),
    ):
        services.take_frame(**take)


def test_the_list_of_studies_is_the_readers_own(
    bring, store_as, doctor, patient, django_assert_num_queries
):
    store_as(doctor, patient, bring(dicom_bytes()))

    with django_assert_num_queries(1):
        (study,) = queries.studies_of(doctor, patient)
    assert study.series_count == 1
    assert not queries.studies_of(StaffFactory(), patient).exists()
