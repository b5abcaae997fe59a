"""Break-glass is reviewed: by whom, within a day, and what a misuse takes away."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError

from records.consent.models import BreakGlassReview
from records.fhir import queries as fhir
from telemed.core.clocks import find_next, fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.people.models import Role
from tests.factories.emergencies import (
    FOUND,
    end,
    open_record,
    review,
    told,
)
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


def test_a_review_says_it_to_the_resident_and_the_doctor(scene, by, clock):
    glass = open_record(scene, by)
    end(scene, by, glass)

    glass = review(scene, by, glass)

    assert glass.status == "justified"
    assert told("breakglass.reviewed") == {scene.resident.pk, scene.doctor.pk}
    assert not Clock.objects.filter(about=glass.pk, state=ClockState.RUNNING).exists()
    review(scene, by, glass)  # said again: nothing
    assert BreakGlassReview.objects.count() == 1


def test_the_medical_office_may_review_too(scene, by):
    glass = end(scene, by, open_record(scene, by))
    assert review(scene, by, glass, scene.office).status == "justified"


def test_while_it_is_open_nothing_is_reviewed(scene, by):
    glass = open_record(scene, by)
    with pytest.raises(Conflict, match="10:00"):
        review(scene, by, glass)


@pytest.mark.parametrize(
    ("said", "path"),
    [({"finding": ""}, "finding"), ({"finding": "ended"}, "finding"), ({"text": "好"}, "text")],
)
def test_a_finding_needs_its_reason(scene, by, said, path):
    glass = end(scene, by, open_record(scene, by))
    with pytest.raises(Invalid) as refused:
        review(scene, by, glass, **said)
    assert refused.value.path == path


def test_nobody_reviews_their_own_nor_their_departments(scene, by):
    glass = end(scene, by, open_record(scene, by))
    near = StaffFactory(
        role=Role.MEDICAL_OFFICE, organisation=scene.hospital, department=scene.department
    )
    with pytest.raises(Forbidden, match="department"):
        review(scene, by, glass, near)
    with pytest.raises(IntegrityError, match="nobody_reviews_themselves"):
        BreakGlassReview.objects.create(
            break_glass=glass,
            actor=scene.doctor,
            reviewer=scene.doctor,
            organisation=scene.hospital,
            finding="justified",
            text=FOUND,
        )


def test_others_know_nothing_of_it(scene, by):
    glass = end(scene, by, open_record(scene, by))
    for stranger in (
        StaffFactory(role=Role.AUDITOR),
        StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital),
        scene.head,
    ):
        with pytest.raises(NotFound):
            review(scene, by, glass, stranger)


def test_misuse_suspends_the_right_until_a_second_person_finds_otherwise(scene, by):
    glass = end(scene, by, open_record(scene, by))
    review(scene, by, glass, finding="misuse")
    other = PatientFactory()
    with pytest.raises(Forbidden, match="misuse"):
        open_record(scene, by, patient=other)

    with pytest.raises(Conflict, match="second person"):
        review(scene, by, glass, finding="justified")
    with pytest.raises(Conflict, match=f"{scene.auditor.name} found the same"):
        review(scene, by, glass, scene.office, finding="misuse")
    assert review(scene, by, glass, scene.office, finding="justified").status == "justified"
    assert open_record(scene, by, patient=other)

    third = StaffFactory(role=Role.AUDITOR, organisation=scene.hospital)
    with pytest.raises(Conflict, match="Two people"):
        review(scene, by, glass, third, finding="misuse")


def test_unreviewed_for_a_day_the_right_is_suspended_though_no_clock_has_fired(scene, by, clock):
    glass = open_record(scene, by)
    clock.move_to(glass.review_by - timedelta(seconds=1))
    open_record(scene, by, patient=PatientFactory())
    clock.move_to(glass.review_by)
    with pytest.raises(Forbidden, match="pending review"):
        open_record(scene, by, patient=PatientFactory())


def test_its_clock_reminds_and_then_tells_those_above(scene, by, clock):
    glass = open_record(scene, by)
    for _rung in range(2):
        clock.move_to(find_next(glass.pk, "breakglass.review").due_at)
        fire_due()
    assert Notification.objects.filter(template="breakglass.review").count() == 2
    assert told("breakglass.overdue") == {
        one.pk for one in (scene.auditor, scene.office, scene.head, scene.official)
    }
    glass.refresh_from_db()
    assert glass.overdue_at == glass.review_by

    review(scene, by, glass)
    assert open_record(scene, by, patient=PatientFactory())  # the right is back


def test_reviewed_in_time_nobody_hears_of_it(scene, by, clock):
    glass = end(scene, by, open_record(scene, by))
    review(scene, by, glass)
    clock.move_to(glass.review_by)
    fire_due()
    assert not told("breakglass.overdue")


def test_a_clinic_without_reviewers_is_reviewed_by_the_hospital_it_asks(scene, by):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    PractitionerFactory(user=doctor)
    AgreementFactory(asking=doctor.organisation, asked=scene.hospital)
    glass = open_record(scene, by, doctor=doctor)
    assert glass.reviewing == scene.hospital
    assert told("breakglass.review") == {scene.auditor.pk}
    assert review(scene, by, end(scene, by, glass)).status == "justified"


def test_of_several_hospitals_the_nearest_with_a_reviewer_reviews(by, scene):
    here, near, far = (
        DivisionFactory(code=code, longitude=x, latitude=27.0)
        for code, x in (("522701", 107.5), ("522702", 107.6), ("522703", 109.0))
    )
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=ClinicFactory(division=here))
    PractitionerFactory(user=doctor)
    empty, distant, close = (OrganisationFactory(division=one) for one in (here, far, near))
    for hospital in (empty, distant, close):
        AgreementFactory(asking=doctor.organisation, asked=hospital)
    for hospital in (distant, close):
        StaffFactory(role=Role.AUDITOR, organisation=hospital)
    assert open_record(scene, by, doctor=doctor).reviewing == close


def test_each_transition_is_a_version_of_one_audit_event(scene, by):
    glass = open_record(scene, by)
    end(scene, by, glass)
    review(scene, by, glass)

    kept = fhir.versions("AuditEvent", str(glass.pk))
    said = [json.loads(version.body) for version in reversed(kept)]
    assert [one["action"] for one in said] == ["E", "E", "U"]
    assert {one["outcome"] for one in said} == {"0"}
    assert said[0]["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"
    assert said[0]["entity"][0]["what"]["reference"] == f"Patient/{scene.patient.fhir_id}"
    assert "end" not in said[0]["period"]
    assert "end" in said[1]["period"]
