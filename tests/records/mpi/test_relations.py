"""Who acts for whom: entered with papers, ended by age, death or hand, never twice at a time."""

import json
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone, translation

from records.consent import access
from records.fhir import queries as fhir
from records.mpi import services
from records.mpi.models import Patient, Relation
from records.mpi.queries import family_of_both, guardians_of
from telemed.audit.models import AuditRow
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, DomainError, Forbidden, Invalid
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.marks import committed

pytestmark = pytest.mark.django_db
BIRTH = {"basis": "birth", "kin": "mother", "papers": "birth_certificate"}
PROXY = {"basis": "proxy", "kin": "spouse", "papers": "authorisation"}


def years_ago(years, days=0):
    today = timezone.localdate()
    return today.replace(year=today.year - years, day=min(today.day, 28)) - timedelta(days=days)


@pytest.fixture
def doctor():
    return StaffFactory(role=Role.TOWNSHIP_DOCTOR)


@pytest.fixture
def child():
    return PatientFactory(name="陈浩宇", birth_date=years_ago(5))


@pytest.fixture
def mother():
    return PatientFactory(
        name="李小梅",
        sex="female",
        birth_date=years_ago(30),
        user=UserFactory(),
        phone="13800000001",
    )


def published(relation):
    return json.loads(fhir.read("RelatedPerson", str(relation.pk)))


def add(by, doctor, subject, delegate, **facts):
    with translation.override("en"), by(doctor):
        return services.add_relation(
            actor=doctor, subject=subject, delegate=delegate, **{**BIRTH, **facts}
        )


def test_a_guardian_is_entered_until_the_eighteenth_birthday(by, doctor, child, mother):
    relation = add(by, doctor, child, mother)
    assert relation.ends_on == child.birth_date.replace(year=child.birth_date.year + 18)
    assert [row.delegate for row in guardians_of(child)] == [mother]
    traced = AuditRow.objects.get(action="relation.add")
    assert (traced.patient_id, traced.actor_id) == (str(child.pk), doctor.actor_id)
    remind, end = Clock.objects.filter(kind="guardian.ends", about=relation.pk).order_by("rung")
    assert timezone.localdate(end.due_at) == relation.ends_on
    assert timezone.localdate(remind.due_at) == relation.ends_on - timedelta(days=60)


def test_the_world_reads_a_related_person(by, doctor, child, mother):
    relation = add(by, doctor, child, mother)
    kept = published(relation)
    assert (kept["active"], kept["patient"]["reference"]) == (True, f"Patient/{child.fhir_id}")
    codes = {coded["coding"][0]["code"] for coded in kept["relationship"]}
    assert codes == {"MTH", "GUARD"}
    with by(doctor):
        services.end_relation(actor=doctor, relation=relation, because="custody")
    assert published(relation)["active"] is False


def test_the_guardian_sees_the_child_and_nobody_else_does(by, doctor, child, mother):
    other = PatientFactory(name="别人", birth_date=years_ago(6))
    relation = add(by, doctor, child, mother)
    assert access.decide(mother.user, "read", child).reasons == ("acts_for",)
    assert not access.decide(mother.user, "read", other).allowed
    assert not access.decide(mother.user, "write", child).allowed
    seen = access.visible(mother.user, "read", Patient.objects.all())
    assert set(seen) == {mother, child}
    with by(doctor):
        services.end_relation(actor=doctor, relation=relation, because="mistake")
    assert not access.decide(mother.user, "read", child).allowed
    assert set(access.visible(mother.user, "read", Patient.objects.all())) == {mother}


def test_of_a_merged_child_the_guardian_sees_the_one_that_stays(by, doctor, child, mother):
    add(by, doctor, child, mother)
    survivor = PatientFactory(name="陈浩宇", birth_date=child.birth_date, has_merged=True)
    Patient.objects.filter(pk=child.pk).update(merged_into=survivor)
    assert access.decide(mother.user, "read", survivor).allowed
    assert survivor in access.visible(mother.user, "read", Patient.objects.all())
    assert [row.delegate for row in guardians_of(survivor)] == [mother]


@pytest.mark.parametrize(
    ("changed", "path", "says"),
    [
        ({"basis": "friend"}, "basis", "basis"),
        ({"kin": ""}, "kin", "each other"),
        ({"papers": ""}, "papers", "papers you have seen"),
        ({"papers": "authorisation"}, "papers", "proxy instead"),
        ({"kin": "sibling"}, "kin", "mother or a father"),
        ({"basis": "proxy"}, "papers", "written authorisation"),
        (PROXY, "basis", "guardian instead"),
        ({"starts_on": date(2100, 1, 1)}, "starts_on", "today or earlier"),
        ({"starts_on": years_ago(6)}, "starts_on", "before the birth"),
        (
            {"starts_on": years_ago(1), "ends_on": years_ago(2)},
            "ends_on",
            "end is before the start",
        ),
        ({"starts_on": years_ago(2), "ends_on": years_ago(1)}, "ends_on", "past"),
        ({"ends_on": date(2100, 1, 1)}, "ends_on", "eighteenth birthday"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_changes_nothing(
    by, doctor, child, mother, changed, path, says
):
    with pytest.raises(Invalid) as refused:
        add(by, doctor, child, mother, **changed)
    assert (refused.value.path, says in refused.value.message) == (path, True)
    assert not Relation.objects.exists()
    assert not Clock.objects.exists()


def test_nobody_acts_for_themselves(by, doctor, mother):
    with pytest.raises(Invalid, match="themselves"):
        add(by, doctor, mother, mother, **PROXY)


def test_who_is_of_age_has_no_guardian(by, doctor, mother):
    grown = PatientFactory(birth_date=years_ago(18))
    with pytest.raises(Invalid, match="Over 18"):
        add(by, doctor, grown, mother)


@pytest.mark.parametrize(("born", "says"), [(years_ago(17), "18 years"), (None, "18 years")])
def test_a_guardian_is_grown_up(by, doctor, child, born, says):
    with pytest.raises(Invalid, match=says) as refused:
        add(by, doctor, child, PatientFactory(birth_date=born))
    assert refused.value.path == "delegate"


def test_a_child_without_a_birth_date_gets_it_first(by, doctor, mother):
    with pytest.raises(Invalid, match="birth date of the child"):
        add(by, doctor, PatientFactory(birth_date=None), mother)


def test_nobody_acts_for_the_dead_nor_they_for_anybody(by, doctor, child, mother):
    dead = PatientFactory(birth_date=years_ago(40), deceased_on=years_ago(1))
    with pytest.raises(Conflict, match="has died"):
        add(by, doctor, child, dead)


def test_two_do_not_act_for_each_other_nor_round_a_circle(by, doctor):
    one, two, three = (PatientFactory(birth_date=years_ago(50, n)) for n in range(3))
    add(by, doctor, one, two, **PROXY)  # two acts for one
    with pytest.raises(Conflict, match="each other"):
        add(by, doctor, two, one, **PROXY)
    add(by, doctor, two, three, **PROXY)
    with pytest.raises(Conflict, match="each other"):
        add(by, doctor, three, one, **PROXY)
    assert Relation.objects.count() == 2


def test_the_same_two_are_not_related_twice_at_a_time(by, doctor, child, mother):
    first = add(by, doctor, child, mother, starts_on=years_ago(1))
    with pytest.raises(Conflict, match="already") as refused:
        add(by, doctor, child, mother, basis="custody", papers="custody_paper")
    assert refused.value.path == "delegate"
    with by(doctor):
        services.end_relation(actor=doctor, relation=first, because="custody")
    again = add(by, doctor, child, mother)
    assert [row.pk for row in guardians_of(child)] == [again.pk]


@committed
def test_two_desks_enter_one_guardian_at_once_and_one_is_refused(by):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    child, mother = (
        PatientFactory(birth_date=years_ago(5)),
        PatientFactory(birth_date=years_ago(30)),
    )
    barrier, ended = Barrier(2), []

    def desk():
        try:
            barrier.wait()
            add(by, doctor, child, mother)
            ended.append("entered")
        except DomainError as refusal:
            ended.append(refusal.path)
        finally:
            connection.close()

    threads = [Thread(target=desk) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["delegate", "entered"]
    assert Relation.objects.count() == 1


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in (Role.TOWNSHIP_DOCTOR, Role.RESIDENT)]
)
def test_only_a_township_doctor_enters_and_ends(by, doctor, child, mother, role):
    other = StaffFactory(role=role)
    with pytest.raises(Forbidden):
        add(by, other, child, mother)
    relation = add(by, doctor, child, mother)
    with pytest.raises(Forbidden), by(other):
        services.end_relation(actor=other, relation=relation, because="custody")


@pytest.mark.parametrize("because", ["", "age", "period", "whim"])
def test_the_hand_has_reasons_of_its_own(by, doctor, child, mother, because):
    relation = add(by, doctor, child, mother)
    with pytest.raises(Invalid), by(doctor):
        services.end_relation(actor=doctor, relation=relation, because=because)
    assert guardians_of(child)


def test_what_has_ended_does_not_end_again(by, doctor, child, mother):
    relation = add(by, doctor, child, mother)
    with by(doctor):
        services.end_relation(actor=doctor, relation=relation, because="custody")
    with pytest.raises(Conflict), by(doctor):
        services.end_relation(actor=doctor, relation=relation, because="mistake")


def due(relation, rung):
    """The clock runs out now."""
    Clock.objects.filter(about=relation.pk, rung=rung).update(due_at=timezone.now())
    return fire_due()


def test_both_are_told_before_and_on_the_birthday_it_is_over(by, doctor, child, mother):
    child.user = UserFactory()
    child.save()
    relation = add(by, doctor, child, mother)
    due(relation, 0)
    told = Notification.objects.filter(template="guardian.ending")
    assert {note.recipient for note in told} == {mother.user, child.user}
    assert guardians_of(child)
    due(relation, 1)
    relation.refresh_from_db()
    assert relation.ended_because == "age"
    assert not guardians_of(child)
    assert published(relation)["active"] is False
    assert Notification.objects.filter(template="guardian.ended").count() == 2


def test_a_guardian_whose_clock_is_late_sees_nothing_all_the_same(by, doctor, child, mother):
    """The reading itself asks for the day, so a dead worker lets nobody look on."""
    relation = add(by, doctor, child, mother)
    Relation.objects.filter(pk=relation.pk).update(
        starts_on=years_ago(2), ends_on=timezone.localdate()
    )
    assert not access.decide(mother.user, "read", child).allowed


def test_a_death_ends_it_by_itself_and_by_hand(by, doctor, child, mother):
    relation = add(by, doctor, child, mother)
    Patient.objects.filter(pk=mother.pk).update(deceased_on=timezone.localdate())
    assert not guardians_of(child)
    with by(doctor):
        assert services.end_for_death(patient=mother) == 1
    relation.refresh_from_db()
    assert relation.ended_because == "death"
    running = Clock.objects.filter(about=relation.pk, state=ClockState.RUNNING)
    assert not running.exists()


def test_a_guardian_and_the_child_are_not_merged(by, doctor, child, mother):
    assert family_of_both(child, mother) == []
    add(by, doctor, child, mother)
    assert len(family_of_both(child, mother)) == 1


def test_the_database_refuses_what_a_service_would_not_write(child, mother):
    wrong = Relation(subject=child, delegate=child, **BIRTH, starts_on=years_ago(1))
    with pytest.raises(ValidationError):
        wrong.validate_constraints()
