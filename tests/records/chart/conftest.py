"""A record to read: what the store keeps for one patient."""

import json
from collections import defaultdict
from itertools import count
from pathlib import Path

import pytest
from django.utils import timezone

from records.fhir.keys import REVISION
from records.fhir.store.rows import row_of
from records.fhir.store.statement import write
from records.fhir.work import run_here
from telemed.core.intentions import System
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory, treated

SYNTHEA = Path(__file__).resolve().parents[2] / "data" / "synthea"
OF_A_PATIENT = {"AllergyIntolerance", "Immunization"}
BUNDLES = sorted(SYNTHEA.glob("patient-*.json"))


def resources_of(bundle: Path) -> dict[str, list[dict]]:
    """A bundle's resources by type."""
    found = defaultdict(list)
    for entry in json.loads(bundle.read_text())["entry"]:
        found[entry["resource"]["resourceType"]].append(entry["resource"])
    return found


@pytest.fixture
def keep(by):
    """keep(patient, resource, …): the FHIR store has received these of that patient."""
    numbers = count()

    def kept(rows):
        yield write(rows, None, REVISION)

    def row(patient, resource):
        fhir_id = resource.get("id") or f"{resource['resourceType']}-{next(numbers)}"
        whose = "patient" if resource["resourceType"] in OF_A_PATIENT else "subject"
        about = {"id": fhir_id, whose: {"reference": f"Patient/{patient.fhir_id}"}}
        return row_of(
            json.dumps({**resource, **about}, default=str).encode(),
            resource_type=resource["resourceType"],
            fhir_id=fhir_id,
            version=1,
            updated=timezone.now(),
            org=None,
        )

    def keep(patient, *resources):
        with by(System("test")):
            run_here(kept([row(patient, resource) for resource in resources]))

    return keep


@pytest.fixture
def clinic(db):
    return ClinicFactory()


@pytest.fixture
def doctor(clinic):
    return StaffFactory(organisation=clinic)


@pytest.fixture
def patient(clinic):
    return treated(PatientFactory(name="吴金花", sex="female", id_card_tail="0426"), clinic)
