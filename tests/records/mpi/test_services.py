from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import translation

from records.mpi.identity import check_digit
from records.mpi.models import Patient
from records.mpi.services import register_patient
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, DomainError, Forbidden, Invalid
from telemed.people.models import Role
from tests.factories.people import StaffFactory, UserFactory
from tests.marks import committed

pytestmark = pytest.mark.django_db
CARD = "52012119580409991" + check_digit("52012119580409991")


@pytest.fixture
def doctor():
    return StaffFactory(role=Role.TOWNSHIP_DOCTOR)


def register(by, actor, **facts):
    facts = {"name": "张三丰", "id_card": CARD, "organisation": actor.organisation} | facts
    with translation.override("en"), by(actor):
        return register_patient(actor=actor, **facts)


def test_the_number_gives_sex_and_birth_date_and_the_name_its_reading(by, doctor):
    patient = register(by, doctor)
    assert (patient.sex, patient.birth_date) == ("male", date(1958, 4, 9))
    assert (patient.pinyin, patient.initials) == ("zhang san feng", "zsf")
    assert patient.managing_organisation == doctor.organisation
    assert (patient.fhir_id, patient.rid > 0) == (str(patient.pk), True)


def test_the_number_is_kept_sealed_and_shown_masked(by, doctor):
    patient = register(by, doctor)
    patient.refresh_from_db()
    assert patient.id_card == CARD
    assert patient.id_card_masked == "*" * 14 + CARD[-4:]
    assert CARD not in str(Patient.objects.values().get())


def test_registering_is_traced(by, doctor):
    patient = register(by, doctor)
    row = AuditRow.objects.get(action="person.register")
    assert (row.patient_id, row.actor_id) == (str(patient.pk), doctor.actor_id)


def test_the_same_number_again_is_refused_and_says_who_it_is_without_saying_all(by, doctor):
    register(by, doctor)
    with pytest.raises(Conflict) as refused:
        register(by, doctor, name="李四", id_card=CARD.lower())
    assert "张**" in refused.value.message
    assert CARD not in refused.value.message
    assert refused.value.path == "id_card"
    assert Patient.objects.count() == 1


@committed
def test_two_desks_register_one_number_at_once_and_one_is_refused(by):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    barrier, ended = Barrier(2), []

    def desk():
        try:
            barrier.wait()
            register(by, doctor)
            ended.append("registered")
        except Conflict as refusal:
            ended.append(refusal.path)
        finally:
            connection.close()

    threads = [Thread(target=desk) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["id_card", "registered"]
    assert Patient.objects.count() == 1


def test_without_a_number_sex_and_birth_date_are_asked(by, doctor):
    patient = register(by, doctor, id_card="", sex="female", birth_date=date(2026, 11, 1))
    assert (patient.id_card_hash, patient.id_card_masked) == (None, "")


def test_two_people_without_numbers_are_two_people(by, doctor):
    for _ in range(2):
        register(by, doctor, id_card="", sex="female", birth_date=date(2000, 1, 1))
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"name": "  "}, "name"),
        ({"name": "<script>"}, "name"),
        ({"name": "张" * 61}, "name"),
        ({"name": "张\x00三"}, "name"),
        ({"name": "Ω"}, "name"),
        ({"id_card": "52012119580409991Y"}, "id_card"),
        ({"sex": "female"}, "sex"),
        ({"birth_date": date(1958, 4, 10)}, "birth_date"),
        ({"id_card": "", "birth_date": date(2000, 1, 1)}, "sex"),
        ({"id_card": "", "sex": "robot", "birth_date": date(2000, 1, 1)}, "sex"),
        ({"id_card": "", "sex": "male"}, "birth_date"),
        ({"id_card": "", "sex": "male", "birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"id_card": "", "sex": "male", "birth_date": date(1700, 1, 1)}, "birth_date"),
        ({"phone": "12345"}, "phone"),
        ({"phone": "1390000000x"}, "phone"),
        ({"address": "路" * 201}, "address"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_leaves_nothing(by, doctor, facts, path):
    with pytest.raises(Invalid) as refused:
        register(by, doctor, **facts)
    assert refused.value.path == path
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    "phone", ["13900000000", "0851-5555010", "085155550100", "139 0000 0000", ""]
)
def test_mobile_and_fixed_numbers_are_taken(by, doctor, phone):
    assert register(by, doctor, phone=phone).phone == phone.replace(" ", "")


@pytest.mark.parametrize(
    "role", sorted(set(Role) - {Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.RESIDENT})
)
def test_only_clinicians_register_people(by, role):
    with pytest.raises(Forbidden):
        register(by, StaffFactory(role=role))


def test_a_resident_registers_nobody(by, doctor):
    with pytest.raises(DomainError):
        register(by, UserFactory(), organisation=doctor.organisation)
