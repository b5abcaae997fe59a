"""Two uploads of one study at the same moment."""

import threading

from django.db import connection

from records.imaging import files, intake, services
from records.imaging.models import Instance, Study
from tests.factories.imaging import dicom_bytes
from tests.factories.people import PatientFactory, treated
from tests.marks import committed

pytestmark = committed
THREADS = 6


def race(acts):
    barrier, results = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def picture(folder, number, content):
    path = folder / f"in{number}"
    path.write_bytes(content)
    (checked,) = intake.sort_out(files.settle(path), path.name, "race")
    return checked


def test_the_same_picture_sent_by_many_at_once_is_kept_once(
    by, doctor, patient, published, tmp_path
):
    same = dicom_bytes()
    both = [
        [picture(tmp_path, f"{n}a", same), picture(tmp_path, f"{n}b", dicom_bytes())]
        for n in range(THREADS)
    ]

    def send(pictures):
        with by(doctor):
            return services.store_pictures(actor=doctor, patient=patient, pictures=pictures)

    results = race([lambda pictures=pictures: send(pictures) for pictures in both])

    assert sum(len(kept.accepted) for kept in results) == THREADS + 1
    assert sum(len(kept.already) for kept in results) == THREADS - 1
    assert Instance.objects.count() == Study.objects.get().frame_count == THREADS + 1


def test_two_people_race_for_one_study_and_one_has_it(by, doctor, patient, published, tmp_path):
    other = treated(PatientFactory(name="李四"), doctor.organisation)
    claims = [
        (patient, [picture(tmp_path, "a", dicom_bytes())]),
        (other, [picture(tmp_path, "b", dicom_bytes())]),
    ]

    def send(person, pictures):
        with by(doctor):
            return services.store_pictures(actor=doctor, patient=person, pictures=pictures)

    results = race([lambda claim=claim: send(*claim) for claim in claims])

    assert sorted(len(kept.accepted) for kept in results) == [0, 1]
    assert sorted(len(kept.refused) for kept in results) == [0, 1]
