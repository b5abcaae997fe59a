"""A request goes before its images: they join it, and both sides see how far they are."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.requests import services
from consult.requests.queries import time_line
from consult.requests.words import step_words
from records.imaging import services as imaging
from records.imaging.models import PARTIAL_KEPT, Shipment, Study
from telemed.audit.models import AuditRow
from telemed.core import outbox
from telemed.notifications.models import Notification
from tests.factories.consult import (
    accepted_case,
    closed_case,
    drafted_case,
    sent_case,
    signed_case,
)
from tests.factories.people import PatientFactory, treated
from tests.marks import committed

pytestmark = committed


class Images:
    """Those that the asking doctor of a scene sends for its case, or for what is named."""

    def __init__(self, scene, by, about=None):
        self.scene, self.by, self.about = scene, by, about or scene.case.pk

    def announce(self, count, first=0):
        scene = self.scene
        coming = [imaging.Coming(f"f{n}", 1, 500) for n in range(first, first + count)]
        with self.by(scene.asker):
            imaging.announce_files(
                actor=scene.asker,
                patient=scene.patient,
                about=self.about,
                coming=coming,
                dropped=[],
            )
        outbox.deliver_waiting()

    def come(self, *numbers, came=1, study=None):
        shipment = Shipment.objects.latest("created_at")
        for number in numbers:
            with self.by(self.scene.asker):
                imaging.note_file(
                    actor=self.scene.asker,
                    shipment_id=shipment.pk,
                    key=f"f{number}",
                    came=came,
                    studies=[study.pk] if study else [],
                )
        outbox.deliver_waiting()


def study_of(scene, uid="1.2.3", **more):
    facts = {"patient": scene.patient, "organisation": scene.clinic, "modality": "CT", **more}
    return Study.objects.create(study_uid=uid, **facts)


def page_of(user, case, name="case"):
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(f"requests:{name}", args=[case.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def english(*people):
    for person in people:
        person.language = "en"
        person.save()


def said_in(case):
    return [step_words(step) for step in time_line(case)]


def messages(person):
    return list(Notification.objects.filter(recipient=person).values_list("template", flat=True))


def test_a_request_is_sent_while_its_images_come_and_they_join_it(by):
    scene = drafted_case()
    images, study = Images(scene, by), study_of(scene)
    images.announce(3)
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)

    images.come(0, study=study)

    assert list(scene.case.studies.all()) == [study]
    assert AuditRow.objects.filter(action="case.attach_images").count() == 1


def test_both_sides_read_how_far_they_are(by):
    scene = accepted_case()
    english(scene.asker, scene.specialist, scene.coordinator)
    images = Images(scene, by)
    images.announce(120)
    images.come(*range(12))

    for person in (scene.asker, scene.specialist, scene.coordinator):
        for name in ("case", "arriving"):
            assert "12 of 120 images here" in page_of(person, scene.case, name)
            assert "nothing came" not in page_of(person, scene.case, name)
        with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
            said = page_of(person, scene.case, "arriving")
            assert "12 of 120 images here, nothing came for 10 minutes" in said


def test_what_was_begun_for_the_record_alone_is_counted_where_its_study_is_taken_along(by):
    scene = accepted_case()
    english(scene.specialist)
    record, study = Images(scene, by, about=scene.patient.pk), study_of(scene)
    record.announce(120)
    record.come(*range(12), study=study)
    assert "images here" not in page_of(scene.specialist, scene.case, "arriving")
    scene.case.studies.add(study)
    images = Images(scene, by)
    images.announce(3)
    assert "12 of 123 images here" in page_of(scene.specialist, scene.case, "arriving")
    assert not scene.case.steps.filter(action="images.arrive").exists()


def test_once_all_is_here_the_time_line_says_so_and_who_holds_it_is_told_once(by):
    scene = accepted_case()
    images = Images(scene, by)
    images.announce(3)
    images.come(0, 1)
    assert "case.images" not in messages(scene.specialist)

    images.come(2)
    images.come(2)  # its answer was lost, and it was sent again

    steps = [step for step in time_line(scene.case) if step.action == "images.arrive"]
    assert [(s.facts["here"], s.facts["expected"], s.actor) for s in steps] == [(3, 3, None)]
    assert messages(scene.specialist).count("case.images") == 1
    assert "All 3 images are here" not in page_of(scene.asker, scene.case, "arriving")


def test_the_event_seen_twice_changes_nothing(by):
    scene = accepted_case()
    images = Images(scene, by)
    images.announce(1)
    images.come(0, study=study_of(scene))
    before = scene.case.steps.count()

    with by(scene.asker):
        services.attach_arrived(shipment_id=Shipment.objects.get().pk)

    assert scene.case.steps.count() == before
    assert scene.case.studies.count() == 1


def test_who_holds_no_case_yet_is_not_told_and_sees_it_all_the_same(by):
    scene = sent_case()
    images = Images(scene, by)
    images.announce(1)
    images.come(0, study=study_of(scene))

    assert "case.images" not in messages(scene.specialist)
    assert scene.case.studies.count() == 1


def test_an_upload_that_is_given_up_says_how_much_came(by):
    scene = accepted_case()
    images = Images(scene, by)
    images.announce(3)
    images.come(0)

    with time_machine.travel(timezone.now() + PARTIAL_KEPT + timedelta(hours=1), tick=False):
        with by(scene.asker):
            assert imaging.give_up_shipments() == 1
        outbox.deliver_waiting()

    step = next(step for step in time_line(scene.case) if step.action == "images.arrive")
    assert (step.facts["here"], step.facts["expected"]) == (1, 3)
    assert messages(scene.specialist).count("case.images_part") == 1


@pytest.mark.parametrize("ended", ["withdrawn", "closed"])
def test_after_the_end_images_stay_the_patient_s_and_join_nothing(by, ended):
    scene = drafted_case()
    images = Images(scene, by)
    images.announce(2)
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    if ended == "withdrawn":
        with by(scene.asker):
            services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="患者已转院治疗")
    else:
        type(scene.case).objects.filter(pk=scene.case.pk).update(status="closed")

    study = study_of(scene)
    images.come(0, 1, study=study)

    assert not scene.case.studies.exists()
    assert study.patient == scene.patient
    assert "images.arrive" not in [step.action for step in time_line(scene.case)]
    assert 'data-every="0"' in page_of(scene.asker, scene.case, "arriving")


@pytest.mark.parametrize("made", [signed_case, closed_case])
def test_for_a_case_with_an_opinion_nothing_is_announced(by, made):
    scene = made()
    with pytest.raises(Exception, match=r"."), by(scene.asker):
        imaging.announce_files(
            actor=scene.asker,
            patient=scene.patient,
            about=scene.case.pk,
            coming=[imaging.Coming("a", 1, 5)],
            dropped=[],
        )
    assert not Shipment.objects.exists()


def test_another_person_s_study_never_joins(by):
    scene = accepted_case()
    neighbour = treated(PatientFactory(), scene.clinic)
    images = Images(scene, by)
    images.announce(1)

    images.come(0, study=study_of(scene, patient=neighbour))

    assert not scene.case.studies.exists()


def test_a_draft_that_is_saved_keeps_what_came_since_the_page_was_drawn(by):
    scene = drafted_case()
    old, unwanted, new = (study_of(scene, f"1.2.{n}") for n in (3, 4, 5))
    images = Images(scene, by)
    images.announce(2)
    images.come(0, study=new)
    with by(scene.asker):
        services.save_draft(
            actor=scene.asker,
            case_id=scene.case.pk,
            studies=[old.pk],
            offered=[old.pk, unwanted.pk],
        )
    assert set(scene.case.studies.all()) == {old, new}

    with by(scene.asker):
        services.save_draft(
            actor=scene.asker, case_id=scene.case.pk, studies=[], offered=[old.pk, new.pk]
        )
    assert not scene.case.studies.exists()


def test_the_form_says_what_it_offered(by):
    scene = drafted_case()
    came = study_of(scene)
    client = Client()
    client.force_login(scene.asker)
    images = Images(scene, by)
    images.announce(2)
    images.come(0, study=came)
    save = reverse("requests:save", args=[scene.case.pk])

    client.post(save, {"studies_sent": "1", "offered": ""})  # a page of before it came
    assert list(scene.case.studies.all()) == [came]

    client.post(save, {"studies_sent": "1", "offered": ["", str(came.pk)]})
    assert not scene.case.studies.exists()
    assert client.post(save, {"studies_sent": "1", "offered": "x"}).status_code == 422


def test_the_draft_says_that_it_may_be_sent_at_once(by):
    scene = drafted_case()
    english(scene.asker)
    Images(scene, by).announce(2)

    said = page_of(scene.asker, scene.case, "edit")

    assert "0 of 2 images here" in said
    assert "You may send the request now" in said


def test_words_of_the_time_line(by):
    scene = accepted_case()
    images = Images(scene, by)
    images.announce(1)
    images.come(0)
    assert any("1" in words for words in said_in(scene.case))
