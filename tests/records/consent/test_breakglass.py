"""Break-glass: who may, for how long, how often, and that an hour is over without any job."""

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import translation

from records.consent import access, breakglass
from records.consent.models import BreakGlass, BreakGlassReview, CareAccess
from records.fhir import queries as fhir
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.audit.models import AuditRow
from telemed.core.clocks import find_next, fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.notifications.models import Notification
from telemed.organisations.models import Division, Organisation
from telemed.people.models import Practitioner, Role, User
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DepartmentFactory,
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 27, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
WHY = "昏迷送来，呼之不应，须知用药史"
FOUND = "已核对急诊病历，情况属实"
NUMBER = "110101195804090014"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def make_scene():
    """A doctor of a hospital, the people who review there, the county, and somebody unknown."""
    hospital = OrganisationFactory()
    department = DepartmentFactory(organisation=hospital)
    at = {"organisation": hospital}
    doctor = StaffFactory(role=Role.SPECIALIST, department=department, name="蒙永福", **at)
    PractitionerFactory(user=doctor)
    county = DivisionFactory(code="520121", level=Division.Level.COUNTY)
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=county)
    resident = UserFactory(language="en")
    return SimpleNamespace(
        hospital=hospital,
        department=department,
        doctor=doctor,
        auditor=StaffFactory(role=Role.AUDITOR, **at),
        office=StaffFactory(role=Role.MEDICAL_OFFICE, **at),
        head=StaffFactory(role=Role.HEAD, **at),
        official=StaffFactory(role=Role.OFFICIAL, organisation=authority),
        patient=PatientFactory(user=resident),
        resident=resident,
    )


@pytest.fixture
def scene():
    return make_scene()


def look_up(scene, by, patient=None, doctor=None):
    """By the number that stands on a card; the index is tested elsewhere."""
    patient, doctor = patient or scene.patient, doctor or scene.doctor
    with by(doctor):
        audit.record(action="person.look", target=patient, patient_id=patient.pk)


def open_record(scene, by, patient=None, doctor=None, **changed):
    patient, doctor = patient or scene.patient, doctor or scene.doctor
    look_up(scene, by, patient, doctor)
    said = {"code": "silent", "text": WHY} | changed
    with by(doctor):
        return breakglass.open_record(actor=doctor, patient_id=patient.pk, **said)


def end(scene, by, glass):
    with by(glass.actor):
        return breakglass.end_session(actor=glass.actor, break_glass_id=glass.pk)


def review(scene, by, glass, actor=None, finding="justified", text=FOUND):
    actor = actor or scene.auditor
    with by(actor):
        return breakglass.review(actor=actor, break_glass_id=glass.pk, finding=finding, text=text)


def sees(doctor, patient):
    doctor = User.objects.get(pk=doctor.pk)
    decided = access.decide(doctor, "read", patient).allowed
    listed = access.visible(doctor, "read", Patient.objects.filter(pk=patient.pk)).exists()
    assert decided == listed
    return decided


def told(template):
    return set(
        Notification.objects.filter(template=template).values_list("recipient_id", flat=True)
    )


def test_it_opens_one_record_for_reading_and_says_so_to_everybody(scene, by):
    other = PatientFactory()
    assert not sees(scene.doctor, scene.patient)

    glass = open_record(scene, by)

    assert sees(scene.doctor, scene.patient)
    assert not sees(scene.doctor, other)
    assert not access.decide(scene.doctor, "write", scene.patient).allowed
    assert access.decide(scene.doctor, "read", scene.patient).reasons[0] == "break_glass"
    assert glass.until - glass.opened_at == timedelta(hours=1)
    row = AuditRow.objects.get(action="breakglass.open")
    assert (row.patient_id, row.reason) == (str(scene.patient.pk), "break_glass")
    assert told("breakglass.opened") == {scene.resident.pk}
    assert told("breakglass.review") == {scene.auditor.pk}
    assert Notification.objects.get(template="breakglass.opened").facts["kin"] == "you"
    assert OutboxEvent.objects.filter(topic="breakglass.opened").count() == 1


def test_a_colleague_of_the_same_hospital_sees_nothing(scene, by):
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    open_record(scene, by)
    assert not sees(colleague, scene.patient)


def test_the_hour_is_over_by_itself_though_no_clock_has_fired(scene, by, clock):
    glass = open_record(scene, by)
    clock.move_to(glass.until - timedelta(seconds=1))
    assert sees(scene.doctor, scene.patient)
    clock.move_to(glass.until)
    assert not sees(scene.doctor, scene.patient)
    glass.refresh_from_db()
    assert (glass.status, glass.is_open) == ("active", False)


def test_its_clock_ends_the_session_in_the_books(scene, by, clock):
    glass = open_record(scene, by)
    clock.move_to(find_next(glass.pk, "breakglass.session").due_at)
    fire_due()
    glass.refresh_from_db()
    assert (glass.status, glass.ended_at) == ("ended", glass.until)
    assert AuditRow.objects.filter(action="breakglass.end").count() == 1
    assert OutboxEvent.objects.filter(topic="breakglass.ended").count() == 1


def test_ended_by_hand_the_record_is_closed_at_once(scene, by, clock):
    glass = open_record(scene, by)
    clock.shift(timedelta(minutes=10))
    end(scene, by, glass)
    assert not sees(scene.doctor, scene.patient)
    end(scene, by, glass)  # again: nothing
    assert AuditRow.objects.filter(action="breakglass.end").count() == 1
    assert find_next(glass.pk, "breakglass.session") is None
    assert not CareAccess.objects.in_force().filter(about=glass.pk).exists()


def test_nobody_else_ends_it(scene, by):
    glass = open_record(scene, by)
    with pytest.raises(NotFound), by(scene.auditor):
        breakglass.end_session(actor=scene.auditor, break_glass_id=glass.pk)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"code": ""}, "code"),
        ({"code": "curious"}, "code"),
        ({"text": "昏迷送来"}, "text"),
        ({"text": "  昏迷送来     "}, "text"),
        ({"text": "昏" * 301}, "text"),
    ],
)
def test_the_reason_is_needed(scene, by, changed, path):
    with pytest.raises(Invalid) as refused:
        open_record(scene, by, **changed)
    assert refused.value.path == path
    assert not BreakGlass.objects.exists()
    assert not sees(scene.doctor, scene.patient)


def test_ten_characters_are_enough(scene, by):
    assert open_record(scene, by, text="昏迷送来须知用药史急").pk


def test_who_was_not_looked_up_by_number_is_not_there(scene, by, clock):
    with pytest.raises(NotFound), by(scene.doctor):
        breakglass.open_record(
            actor=scene.doctor, patient_id=scene.patient.pk, code="life", text=WHY
        )
    look_up(scene, by)
    clock.shift(timedelta(minutes=31))
    with pytest.raises(NotFound), by(scene.doctor):
        breakglass.open_record(
            actor=scene.doctor, patient_id=scene.patient.pk, code="life", text=WHY
        )


def test_who_sees_the_record_already_needs_none(scene, by):
    treated(scene.patient, scene.hospital)
    with pytest.raises(Conflict, match="already"):
        open_record(scene, by)


@pytest.mark.parametrize("role", [r for r in Role if r not in ("specialist", "township_doctor")])
def test_only_doctors_may(scene, by, role):
    if role == Role.RESIDENT:
        actor = UserFactory()
    else:
        actor = StaffFactory(role=role, organisation=scene.hospital)
    with pytest.raises(Forbidden):
        open_record(scene, by, doctor=actor)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": Practitioner.State.SUSPENDED, "state_reason": "x"},
        {"licensed_until": START.date() - timedelta(days=1)},
    ],
)
def test_and_only_with_a_licence_that_holds(scene, by, changed):
    Practitioner.objects.filter(user=scene.doctor).update(**changed)
    with pytest.raises(Forbidden):
        open_record(scene, by)


def test_opened_twice_it_is_one_session(scene, by):
    assert open_record(scene, by) == open_record(scene, by)
    assert Notification.objects.filter(template="breakglass.opened").count() == 1


def test_after_the_hour_it_can_be_opened_again(scene, by, clock):
    first = open_record(scene, by)
    clock.move_to(first.until)
    second = open_record(scene, by)
    first.refresh_from_db()
    assert (first.status, second.status) == ("ended", "active")
    assert sees(scene.doctor, scene.patient)


def test_three_a_day_and_the_auditor_lets_a_fourth_be(scene, by, clock):
    people = PatientFactory.create_batch(4)
    first, *_others = [open_record(scene, by, patient=one) for one in people[:3]]
    with pytest.raises(Conflict, match="auditor"):
        open_record(scene, by, patient=people[3])
    end(scene, by, first)
    review(scene, by, first)
    assert open_record(scene, by, patient=people[3])


def test_tomorrow_there_are_three_again(scene, by, clock):
    people = PatientFactory.create_batch(4)
    for one in people[:3]:
        open_record(scene, by, patient=one)
    clock.move_to(START.replace(hour=0) + timedelta(days=1))
    assert open_record(scene, by, patient=people[3])


@committed
def test_six_at_once_are_three(by):
    scene = make_scene()
    people = PatientFactory.create_batch(6)
    for one in people:
        look_up(scene, by, one)

    def try_one(patient):
        with by(scene.doctor):
            breakglass.open_record(actor=scene.doctor, patient_id=patient.pk, code="life", text=WHY)

    ended = race([lambda one=one: try_one(one) for one in people])
    assert ended == {"won": 3, "Conflict": 3}


@committed
def test_the_same_record_twice_at_once_is_one_session(by):
    scene = make_scene()
    look_up(scene, by)

    def try_it():
        with by(scene.doctor):
            breakglass.open_record(
                actor=scene.doctor, patient_id=scene.patient.pk, code="life", text=WHY
            )

    race([try_it] * 4)
    assert BreakGlass.objects.count() == 1


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
