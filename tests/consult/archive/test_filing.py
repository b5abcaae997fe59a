import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from consult.archive import services
from consult.archive.documents import digest_of
from consult.archive.models import Copy
from consult.opinions import services as opinions
from consult.requests import services as requests
from consult.requests.models import Status
from telemed.core.outbox import deliver_waiting
from telemed.people.models import Role
from tests.consult.requests.looking import published
from tests.factories.consult import closed_case, sign, signed_case, write
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db


def filed(**options):
    scene = closed_case(**options)
    deliver_waiting()
    scene.refresh()
    return scene


def test_a_closed_case_is_filed_for_both_sides_and_can_be_read_back():
    scene = filed()
    assert scene.case.status == Status.ARCHIVED
    copies = list(scene.case.copies.all())
    assert {copy.organisation for copy in copies} == {scene.clinic, scene.hospital}
    assert {copy.version for copy in copies} == {1}
    for copy in copies:
        assert digest_of(copy.bundle, copy.page) == copy.digest
        assert published(copy.pk)["status"] == "current"
    assert scene.case.summary in copies[0].page
    assert scene.specialist.name in copies[0].page


def test_the_document_begins_with_the_opinion_and_holds_what_was_asked_and_done():
    scene = filed()
    bundle = json.loads(scene.case.copies.first().bundle)
    types = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert types[0] == "Composition"
    assert {"ServiceRequest", "Task"} <= set(types)
    assert bundle["identifier"]["value"] == f"{scene.case.number}/archive/1"


def test_filing_again_without_anything_new_files_nothing(by):
    scene = filed()
    with by(scene.coordinator):
        assert services.archive_case(case_id=scene.case.pk) == []
    assert scene.case.copies.count() == 2
    assert scene.case.steps.filter(action="case.archive").count() == 1


def test_an_outcome_adds_a_version_and_the_first_stays(by):
    scene = filed()
    before = {c.pk: c.digest for c in scene.case.copies.all()}
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        with by(scene.asker):
            requests.record_outcome(
                actor=scene.asker, case_id=scene.case.pk, day=3, result="better"
            )
        deliver_waiting()
    assert sorted(scene.case.copies.values_list("version", flat=True)) == [1, 1, 2, 2]
    assert {c.pk: c.digest for c in scene.case.copies.filter(version=1)} == before
    assert {published(pk)["status"] for pk in before} == {"superseded"}
    assert scene.refresh().status == Status.ARCHIVED


def test_an_amendment_after_filing_adds_a_version_and_takes_a_new_receipt(by):
    scene = filed()
    with by(scene.specialist):
        opinions.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )
    write(scene)
    sign(scene)
    deliver_waiting()
    assert scene.refresh().status == Status.ARCHIVED
    with by(scene.asker):
        requests.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=2, decision="adopted"
        )
    deliver_waiting()
    assert scene.case.copies.order_by("-version").first().version == 3


def test_what_is_not_closed_is_not_filed(by):
    scene = signed_case()
    with by(scene.coordinator):
        assert services.archive_case(case_id=scene.case.pk) == []


def test_one_copy_a_side_and_version():
    scene = filed()
    copy = scene.case.copies.first()
    with pytest.raises(IntegrityError, match="one_copy_a_side_and_version"):
        Copy.objects.create(
            case=copy.case,
            organisation=copy.organisation,
            version=1,
            steps=0,
            bundle="",
            page="",
            digest="",
        )


def test_each_side_opens_its_own_copy(client):
    scene = filed()
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=scene.hospital)
    address = reverse("archive:page", args=[scene.case.pk, 1])
    for actor in (scene.asker, scene.specialist, office):
        client.force_login(actor)
        answer = client.get(address)
        assert answer.status_code == 200
        assert scene.case.summary in answer.content.decode()
        assert client.get(address + "bundle/")["Content-Type"].startswith("application/fhir+json")
    stranger = closed_case()
    others = [scene.coordinator, scene.resident, stranger.asker]
    others.append(StaffFactory(role=Role.MEDICAL_OFFICE))
    for actor in others:
        client.force_login(actor)
        assert client.get(address).status_code == 404
    client.force_login(scene.asker)
    assert address in client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()


def test_hostile_text_stays_text_in_the_copy():
    scene = filed(reason="<script>alert(1)</script>")
    page = scene.case.copies.first().page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
