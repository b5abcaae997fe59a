import pytest

from records.mpi import fhir
from records.mpi.identity import check_digit
from records.mpi.services import register_patient
from telemed.core import publication
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory

pytestmark = pytest.mark.django_db
CARD = "52012119580409991" + check_digit("52012119580409991")


@pytest.fixture
def patient(by):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    with by(doctor):
        return register_patient(
            actor=doctor,
            organisation=doctor.organisation,
            name="张三丰",
            id_card=CARD,
            phone="13900000000",
            address="双流镇一组",
        )


def test_a_patient_shows_name_sex_birth_date_contact_and_place(patient):
    resource = publication.as_json(fhir.PATIENT, patient)
    assert resource["id"] == patient.fhir_id
    assert resource["name"] == [{"use": "official", "text": "张三丰"}]
    assert (resource["gender"], resource["birthDate"]) == ("male", "1958-04-09")
    assert resource["telecom"] == [{"system": "phone", "value": "13900000000"}]
    assert resource["address"] == [{"text": "双流镇一组", "country": "CN"}]
    assert resource["managingOrganization"]["reference"].startswith("Organization/")


def test_the_number_is_masked_where_the_standard_says_how(patient):
    (identifier,) = publication.as_json(fhir.PATIENT, patient)["identifier"]
    assert identifier["system"] == fhir.ID_CARD_SYSTEM
    assert "value" not in identifier
    assert identifier["_value"]["extension"][0]["valueString"] == "*" * 14 + CARD[-4:]
    assert CARD not in str(publication.as_json(fhir.PATIENT, patient))


def test_a_person_without_number_phone_or_address_leaves_them_out():
    resource = publication.as_json(fhir.PATIENT, PatientFactory())
    assert not {"identifier", "telecom", "address", "managingOrganization"} & set(resource)


def test_registering_publishes_the_person_in_the_same_intention(by, monkeypatch):
    kept = []
    monkeypatch.setattr(
        publication,
        "_store",
        lambda mapping, pk, body, **more: kept.append((mapping.resource_type, pk)),
    )
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    with by(doctor):
        made = register_patient(
            actor=doctor, organisation=doctor.organisation, name="张三丰", id_card=CARD
        )
    assert kept == [("Patient", str(made.pk))]
