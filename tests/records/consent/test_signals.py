"""Risk signals over the trace: looks without a relation, one account that opens very many."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from records.consent import services, signals
from records.consent.models import Basis, CareAccess
from records.mpi.models import Relation
from telemed.audit import services as audit
from telemed.core.ids import new_id
from telemed.core.intentions import System, intention
from telemed.oversight.indicators import Period
from telemed.oversight.models import Signal
from telemed.oversight.services import raise_signals
from telemed.people.models import Role
from tests.factories.emergencies import START, look_up, make_scene, open_record
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.ruling import lay
from tests.telemed.oversight.reading import page_of, says

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def scene(clock):
    return make_scene()


def found(count=signals._unrelated):
    return count(Period.month(timezone.localdate().replace(month=11, day=1)))


def open_care(scene, by, patient=None, **more):
    with by(scene.doctor):
        services.open_care(
            organisation=scene.hospital,
            patient=patient or scene.patient,
            **{"basis": Basis.TREATING, **more},
        )


def test_a_look_by_number_without_a_relation_counts_once_a_day_has_passed(scene, by, clock):
    look_up(scene, by)
    clock.shift(DAY)
    assert found() == {}
    clock.shift(HOUR)
    assert found() == {scene.hospital.pk: {"n": 1}}


def test_a_record_opened_in_an_emergency_counts_people_not_looks(scene, by, clock):
    open_record(scene, by)
    look_up(scene, by)
    clock.shift(DAY + HOUR)
    assert found() == {scene.hospital.pk: {"n": 1}}


@pytest.mark.parametrize(("hours", "n"), [(24, 0), (25, 1)])
def test_a_relation_within_a_day_is_one_and_a_later_one_is_not(scene, by, clock, hours, n):
    look_up(scene, by)
    clock.shift(hours * HOUR)
    open_care(scene, by)
    clock.shift(2 * DAY)
    assert found().get(scene.hospital.pk, {"n": 0})["n"] == n


def test_a_relation_of_before_counts_as_long_as_it_held(scene, by, clock):
    about, patient = new_id(), PatientFactory()
    open_care(scene, by, basis=Basis.CASE, about=about)
    treated(patient, scene.hospital)  # before anybody kept since when
    clock.shift(HOUR)
    look_up(scene, by)
    look_up(scene, by, patient)
    clock.shift(HOUR)
    with by(scene.doctor):
        services.end_care(about=about)
    assert CareAccess.objects.get(about=about).since == START
    clock.shift(DAY)
    assert found() == {}
    look_up(scene, by)
    clock.shift(DAY + HOUR)
    assert found() == {scene.hospital.pk: {"n": 1}}


def test_who_was_looked_up_to_be_entered_as_a_relative_is_none(scene, by, clock):
    child = treated(PatientFactory(birth_date="2024-05-01"), scene.hospital)
    look_up(scene, by)
    with by(scene.doctor):
        enter(scene, child)
    clock.shift(DAY + HOUR)
    assert found() == {}


def enter(scene, child):
    Relation.objects.create(
        subject=child,
        delegate=scene.patient,
        basis="birth",
        kin="mother",
        papers="household_book",
        starts_on=timezone.localdate(),
        ends_on="2042-05-01",
        organisation=scene.hospital,
        entered_by=scene.doctor,
    )


def test_the_bound_is_a_rule(scene, by, clock):
    look_up(scene, by)
    look_up(scene, by, PatientFactory())
    clock.shift(DAY + HOUR)
    lay(signals.LEAST, 3)
    assert found() == {}
    lay(signals.LEAST, 2)
    assert found() == {scene.hospital.pk: {"n": 2}}


def read(actor, count, action="record.read"):
    with intention(actor, door="test"):
        for _n in range(count):
            patient = new_id()
            audit.record(
                action=action, target=f"Patient/{patient}", patient_id=patient, reason="open_case"
            )


def test_more_than_so_many_people_in_an_hour_count_by_account(scene, clock):
    lay(signals.AN_HOUR, 20)
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    read(scene.doctor, 20)
    read(colleague, 20)
    assert found(signals._many) == {}
    read(scene.doctor, 1)
    assert found(signals._many) == {scene.hospital.pk: {"n": 1, "most": 21, "limit": 20}}
    clock.shift(HOUR)
    read(colleague, 30)
    assert found(signals._many) == {scene.hospital.pk: {"n": 2, "most": 30, "limit": 20}}


def test_the_same_person_often_what_is_written_and_systems_are_none(scene):
    lay(signals.AN_HOUR, 20)
    with intention(scene.doctor, door="test"):
        for _n in range(30):
            audit.record(action="record.read", target=scene.patient, patient_id=scene.patient.pk)
    read(scene.doctor, 30, action="person.register")
    read(System("import"), 30)
    assert found(signals._many) == {}


def test_the_month_raises_both_and_no_page_names_anybody(client, scene, by, clock):
    lay(signals.AN_HOUR, 20)
    look_up(scene, by)
    read(scene.doctor, 21)
    clock.shift(7 * DAY)
    with intention(System("test"), door="test"):
        raise_signals(month=timezone.localdate().replace(month=11, day=1))
    assert sorted(Signal.objects.values_list("rule", flat=True)) == [
        "access_no_relation",
        "people_an_hour",
    ]
    for signal in Signal.objects.all():
        says(client, scene.head, signal)
    page = page_of(client, scene.head, path="/oversight/signals/")
    assert "no relation to the institution within 24 hours: 1." in page
    assert "more than 20 people: 1; at most 22 people." in page
    assert scene.doctor.name not in page
    assert scene.patient.name not in page
    stranger = StaffFactory(role=Role.HEAD)
    assert "within 24 hours: 1" not in page_of(client, stranger, path="/oversight/signals/")
