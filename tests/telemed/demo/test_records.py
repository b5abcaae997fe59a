import importlib
from collections import Counter
from datetime import date

import pytest

from telemed.demo.records import STORIES, clinical_resources
from telemed.demo.residents import RESIDENTS
from tests.factories.people import PatientFactory

pytestmark = pytest.mark.django_db
NAMES = [*STORIES, "李小梅"]


def test_every_story_is_about_a_resident_of_the_demonstration():
    assert set(STORIES) <= {resident.name for resident in RESIDENTS}


@pytest.mark.parametrize("name", NAMES)
def test_resources_are_valid_to_the_published_classes(name):
    for resource in clinical_resources(PatientFactory(name=name)):
        kind = resource["resourceType"]
        module = importlib.import_module(f"fhir.resources.R4B.{kind.lower()}")
        getattr(module, kind).model_validate(resource)


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_is_about_this_patient_and_has_an_id_of_its_own(name):
    patient = PatientFactory(name=name)
    resources = clinical_resources(patient)
    about = {(r.get("subject") or r["patient"])["reference"] for r in resources}
    assert about == {f"Patient/{patient.fhir_id}"}
    assert len({r["id"] for r in resources}) == len(resources)


def test_the_same_person_has_the_same_record_and_another_other_ids():
    one, other = PatientFactory(name="吴金花"), PatientFactory(name="吴金花")
    assert clinical_resources(one) == clinical_resources(one)
    ids = [{r["id"] for r in clinical_resources(p)} for p in (one, other)]
    assert not ids[0] & ids[1]


def test_the_key_patient_has_everything_a_consult_needs():
    kinds = Counter(r["resourceType"] for r in clinical_resources(PatientFactory(name="吴金花")))
    assert set(kinds) == {
        "Encounter",
        "Condition",
        "AllergyIntolerance",
        "MedicationStatement",
        "Observation",
    }


def test_an_elder_without_a_story_has_a_pressure_on_record_and_a_child_a_healthy_one():
    elder = clinical_resources(PatientFactory(name="某", birth_date=date(1950, 1, 1)))
    child = clinical_resources(PatientFactory(name="某", birth_date=date(2020, 1, 1)))
    assert "Condition" in {r["resourceType"] for r in elder}
    assert {r["resourceType"] for r in child} == {"Observation"}
