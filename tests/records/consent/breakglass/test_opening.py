"""Break-glass: who may, for how long, how often, and that an hour is over without any job."""

from datetime import timedelta

import pytest

from records.consent import access, breakglass
from records.consent.models import BreakGlass, CareAccess
from scheduling.referrals import permissions
from scheduling.referrals.services import sending
from telemed.audit.models import AuditRow
from telemed.core.clocks import find_next, fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import OutboxEvent
from telemed.notifications.models import Notification
from telemed.people.models import Practitioner, Role
from tests.factories.emergencies import (
    START,
    WHY,
    end,
    look_up,
    make_scene,
    open_record,
    review,
    sees,
    told,
)
from tests.factories.people import (
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db


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


def test_it_refers_nobody_onward(scene, by):
    glass = open_record(scene, by)
    assert not permissions.may_refer(scene.doctor, scene.patient)
    assert not permissions.may_send_down(scene.doctor, scene.patient)
    with by(scene.doctor), pytest.raises(Forbidden, match="treats the patient"):
        sending.send(actor=scene.doctor, patient=scene.patient, wish=None)

    end(scene, by, glass)
    treated(scene.patient, scene.hospital)
    assert permissions.may_send_down(scene.doctor, scene.patient)


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
