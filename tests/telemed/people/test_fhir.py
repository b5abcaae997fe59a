import pytest
from django.utils import translation

from telemed.core import publication
from telemed.organisations import fhir as organisations
from telemed.people import fhir
from telemed.people.models import Role
from tests.factories.people import PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_a_practitioner_shows_licence_title_and_period():
    doctor = PractitionerFactory(licence_no="110520000000001")
    resource = publication.as_json(fhir.PRACTITIONER, doctor)

    assert resource["resourceType"] == "Practitioner"
    assert resource["id"] == str(doctor.pk)
    assert resource["active"] is True
    assert resource["identifier"] == [{"system": "urn:telemed:licence", "value": "110520000000001"}]
    assert resource["name"] == [{"text": doctor.user.name}]
    assert resource["qualification"][0]["period"] == {"start": "2010-07-01", "end": "2031-06-30"}


def test_a_suspended_practitioner_is_not_active():
    doctor = PractitionerFactory(state="suspended", state_reason="待查")
    assert publication.as_json(fhir.PRACTITIONER, doctor)["active"] is False


def test_a_role_names_person_place_and_specialty():
    doctor = PractitionerFactory()
    role = doctor.user.acting_as
    resource = publication.as_json(fhir.PRACTITIONER_ROLE, role)

    assert resource["practitioner"]["reference"] == f"Practitioner/{doctor.pk}"
    assert resource["organization"]["reference"] == f"Organization/{role.organisation_id}"
    assert resource["code"][0]["coding"][0]["code"] == "specialist"
    assert resource["specialty"][0]["coding"][0]["code"] == "neurology"


def test_a_role_without_a_licence_names_its_person_alone():
    role = StaffFactory(role=Role.COORDINATOR, name="王协").acting_as
    resource = publication.as_json(fhir.PRACTITIONER_ROLE, role)
    assert resource["practitioner"] == {"display": "王协"}
    assert "specialty" not in resource


def test_an_organisation_shows_its_kind_phone_and_district():
    place = StaffFactory(role=Role.SPECIALIST).organisation
    resource = publication.as_json(organisations.ORGANISATION, place)
    assert resource["type"][0]["coding"][0]["code"] == "hospital"
    assert resource["telecom"] == [{"system": "phone", "use": "work", "value": "0851-55550100"}]
    assert resource["address"] == [{"district": "开阳县", "country": "CN"}]


def test_the_words_of_a_resource_do_not_depend_on_who_published_it():
    role = PractitionerFactory().user.acting_as
    with translation.override("en"):
        english = publication.as_json(fhir.PRACTITIONER_ROLE, role)
    with translation.override("zh-hans"):
        assert publication.as_json(fhir.PRACTITIONER_ROLE, role) == english
