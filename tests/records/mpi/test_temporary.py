from datetime import timedelta

import pytest
from django.utils import timezone, translation

from records.mpi import services
from records.mpi.identity import check_digit
from records.mpi.models import Pair, Patient
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
CARD = "52012119580409991" + check_digit("52012119580409991")


@pytest.fixture
def doctor():
    return StaffFactory(role=Role.TOWNSHIP_DOCTOR)


@pytest.fixture
def mother():
    return PatientFactory(name="吴金花", sex="female")


def temporary(by, doctor, **facts):
    facts = {"because": "unconscious", "organisation": doctor.organisation} | facts
    with translation.override("en"), by(doctor):
        return services.register_temporary(actor=doctor, **facts)


def newborn(by, doctor, of, **facts):
    facts = {"birth_date": timezone.localdate(), "sex": "female", "mother": of} | facts
    return temporary(by, doctor, because="newborn", **facts)


def identify(by, doctor, patient, id_card=CARD, name=""):
    with translation.override("en"), by(doctor):
        return services.identify(actor=doctor, patient=patient, id_card=id_card, name=name)


def test_an_unconscious_person_has_a_number_a_name_to_call_and_nothing_invented(by, doctor):
    patient = temporary(by, doctor)
    assert patient.is_temporary
    assert patient.temporary_no.startswith(f"T{timezone.localdate():%y%m%d}")
    assert patient.name == f"无名氏{patient.temporary_no[-4:]}"
    assert (patient.sex, patient.birth_date, patient.id_card_hash) == ("unknown", None, None)


def test_the_clock_tells_who_registered_and_asks_again(by, doctor):
    patient = temporary(by, doctor)
    clock = Clock.objects.get(about=patient.pk)
    assert timedelta(days=29) < clock.due_at - timezone.now() <= timedelta(days=30)


@committed
def test_after_thirty_days_who_registered_is_told_once_and_the_clock_runs_again(by):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    patient = temporary(by, doctor)
    Clock.objects.filter(about=patient.pk).update(due_at=timezone.now())
    assert fire_due() == 1
    told = Notification.objects.get(template="person.temporary")
    assert (told.recipient, told.facts) == (doctor, {"n": 1})
    assert Clock.objects.filter(about=patient.pk, state=ClockState.RUNNING).count() == 1


def test_a_newborn_has_a_mother_an_order_and_a_name_until_it_is_named(by, doctor, mother):
    first = newborn(by, doctor, mother)
    second = newborn(by, doctor, mother, birth_order=2)
    assert (first.mother, first.birth_order, first.name) == (mother, 1, "吴金花之女")
    assert second.name == "吴金花之女2"


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"mother": None}, "mother"),
        ({"birth_date": None}, "birth_date"),
        ({"birth_date": timezone.localdate() - timedelta(days=29)}, "birth_date"),
        ({"birth_date": timezone.localdate() + timedelta(days=1)}, "birth_date"),
        ({"birth_order": 10}, "birth_order"),
    ],
)
def test_a_birth_that_cannot_be_is_refused_at_its_field(by, doctor, mother, facts, path):
    with pytest.raises(Invalid) as refused:
        newborn(by, doctor, mother, **facts)
    assert refused.value.path == path


def test_a_father_is_no_mother_and_only_newborns_have_one(by, doctor, mother):
    with pytest.raises(Invalid):
        newborn(by, doctor, PatientFactory(sex="male"))
    with pytest.raises(Invalid):
        temporary(by, doctor, mother=mother)
    with pytest.raises(Invalid):
        temporary(by, doctor, because="lazy")


@committed
def test_two_desks_register_one_child_and_one_is_refused(by):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    mother = PatientFactory(name="吴金花", sex="female")
    ended = race([lambda: newborn(by, doctor, mother)] * 2)
    assert ended == {"won": 1, "Conflict": 1}


def test_only_clinicians(by):
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            temporary(by, StaffFactory(role=role))


def test_a_free_number_makes_the_person_known_and_stops_the_clock(by, doctor):
    found = identify(by, doctor, temporary(by, doctor), name="张三丰")
    patient = Patient.objects.get(pk=found.patient.pk)
    assert found.pair is None
    assert (patient.is_temporary, patient.name, patient.id_card) == (False, "张三丰", CARD)
    assert patient.sex == "male"
    assert patient.temporary_no
    assert Clock.objects.get(about=patient.pk).state == ClockState.STOPPED


def test_somebody_elses_number_suggests_a_pair_and_changes_nothing(by, doctor):
    with by(doctor):
        known = services.register_patient(
            actor=doctor, organisation=doctor.organisation, name="张三丰", id_card=CARD
        )
    patient = temporary(by, doctor)
    found = identify(by, doctor, patient)
    patient.refresh_from_db()
    assert {found.pair.one, found.pair.other} == {known, patient}
    assert (found.pair.state, found.pair.said) == (Pair.State.SUGGESTED, "id_taken")
    assert patient.is_temporary


def test_what_was_known_has_to_fit_the_number(by, doctor):
    with pytest.raises(Invalid) as refused:
        identify(by, doctor, temporary(by, doctor, because="undocumented", sex="female"))
    assert refused.value.path == "id_card"


def test_identified_is_identified(by, doctor):
    patient = temporary(by, doctor)
    identify(by, doctor, patient)
    with pytest.raises(Conflict):
        identify(by, doctor, patient)
    with pytest.raises(Conflict):
        identify(by, doctor, PatientFactory())
