"""A record to read: what the store keeps for one patient."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from records.fhir import queries as store
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory, treated

SYNTHEA = Path(__file__).resolve().parents[2] / "data" / "synthea"
BUNDLES = sorted(SYNTHEA.glob("patient-*.json"))


def resources_of(bundle: Path) -> dict[str, list[dict]]:
    """A bundle's resources by type."""
    found = defaultdict(list)
    for entry in json.loads(bundle.read_text())["entry"]:
        found[entry["resource"]["resourceType"]].append(entry["resource"])
    return found


@pytest.fixture
def keep():
    """keep(patient, resource, …): the FHIR store has these of that patient."""

    def keep(patient, *resources):
        for resource in resources:
            kept = store.KEPT.setdefault((patient.rid, resource["resourceType"]), [])
            kept.append({"id": f"{resource['resourceType']}-{len(kept)}", **resource})

    yield keep
    store.KEPT.clear()


@pytest.fixture
def clinic(db):
    return ClinicFactory()


@pytest.fixture
def doctor(clinic):
    return StaffFactory(organisation=clinic)


@pytest.fixture
def patient(clinic):
    return treated(PatientFactory(name="吴金花", sex="female", id_card_tail="0426"), clinic)
