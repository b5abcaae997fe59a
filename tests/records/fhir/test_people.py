"""Finding people by the whole of an identity number that no text of ours holds."""

import pytest

from records.mpi.fhir import ID_CARD_SYSTEM
from records.mpi.identity import check_digit
from records.mpi.services import register_patient
from telemed.core.intentions import intention
from telemed.people.models import Role
from tests.factories.fhir import observation, patient, token_for
from tests.factories.people import StaffFactory, treated
from tests.marks import committed
from tests.records.fhir.asgi import Client

pytestmark = committed
CARD = "52012119580409991" + check_digit("52012119580409991")
OTHER = "52012119680501992" + check_digit("52012119680501992")


def ids(found):
    return {entry["resource"]["id"] for entry in found.json.get("entry", [])}


@pytest.fixture
def clinic_doctor(hospital):
    return StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=hospital)


@pytest.fixture
def zhang(clinic_doctor):
    with intention(clinic_doctor, door="test"):
        return register_patient(
            actor=clinic_doctor,
            organisation=clinic_doctor.organisation,
            name="张三丰",
            id_card=CARD,
        )


@pytest.mark.parametrize("asked", [f"{ID_CARD_SYSTEM}|{CARD}", CARD, f"{OTHER},{CARD}"])
def test_the_number_finds_who_is_registered_here(system, zhang, asked):
    assert ids(system.get(f"/fhir/Patient?identifier={asked}")) == {zhang.fhir_id}


def test_it_finds_what_was_sent_in_clear_as_well(system, zhang):
    sent = patient(identifier=[{"system": "http://his", "value": OTHER}])
    theirs = system.post("/fhir/Patient", sent).json["id"]
    assert ids(system.get(f"/fhir/Patient?identifier={OTHER}")) == {theirs}
    assert ids(system.get(f"/fhir/Patient?identifier=http://his|{OTHER}")) == {theirs}
    both = system.get(f"/fhir/Patient?identifier={OTHER},{CARD}")
    assert ids(both) == {theirs, zhang.fhir_id}


def test_another_system_and_another_number_find_nobody(system, zhang):
    assert ids(system.get(f"/fhir/Patient?identifier=http://his|{CARD}")) == set()
    assert ids(system.get(f"/fhir/Patient?identifier={OTHER}")) == set()


def test_what_belongs_to_them_is_found_through_the_number(system, zhang):
    system.post("/fhir/Observation", observation(zhang.fhir_id))
    found = system.get(f"/fhir/Observation?patient.identifier={CARD}")
    assert len(ids(found)) == 1


def test_a_second_record_of_the_same_number_is_not_made(system, zhang):
    again = system.post(
        "/fhir/Patient",
        patient(),
        **{"if-none-exist": f"identifier={ID_CARD_SYSTEM}|{CARD}"},
    )
    assert again.status == 200
    assert again.json["id"] == zhang.fhir_id


def test_the_number_opens_nothing_to_who_does_not_treat_them(other_doctor, zhang, clinic_doctor):
    assert ids(other_doctor.get(f"/fhir/Patient?identifier={CARD}")) == set()
    treated(zhang, clinic_doctor.organisation)
    own = Client(token_for(clinic_doctor))
    assert ids(own.get(f"/fhir/Patient?identifier={CARD}")) == {zhang.fhir_id}
