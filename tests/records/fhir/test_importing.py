import json

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from records.consent.models import CareAccess
from records.fhir import queries
from records.fhir.models import Version
from records.mpi.models import Patient
from telemed.audit.models import AuditRow
from tests.factories.fhir import observation, patient
from tests.factories.people import ClinicFactory, OrganisationFactory
from tests.marks import committed

pytestmark = committed
WANG = "urn:uuid:d78af07c-9cb9-4f31-9b11-c45a28f2eec8"


@pytest.fixture
def hospital():
    ClinicFactory(number=1)
    first = OrganisationFactory(number=30)
    OrganisationFactory(number=20)
    return first


@pytest.fixture
def bundle(tmp_path):
    """Two that belong together, and two that are no good."""
    resources = [
        (WANG, patient(id=WANG.removeprefix("urn:uuid:"))),
        ("urn:uuid:2", {**observation("x", id="bp"), "subject": {"reference": WANG}}),
        ("urn:uuid:3", observation("x", id="bad", status="bogus")),
        ("urn:uuid:4", {"resourceType": "Nonsense", "id": "n"}),
    ]
    entries = [{"fullUrl": url, "resource": resource} for url, resource in resources]
    path = tmp_path / "wang.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}))
    return path


def run(*arguments, capsys):
    with pytest.raises(CommandError, match="2"):
        call_command("import_fhir", *map(str, arguments))
    return capsys.readouterr()


def test_an_import_stores_what_is_fit_and_says_what_is_not(bundle, hospital, capsys):
    with override("en"):
        said = run(bundle, capsys=capsys)

    assert "       1 Observation\n       1 Patient\n" in said.out
    assert "Observation/bad: Observation.status:" in said.err
    assert "wang.json[3]" in said.err
    person = Patient.objects.get()
    care = CareAccess.objects.get()
    assert care.org == hospital.number  # the first that was entered
    assert care.since
    assert [r["id"] for r in queries.for_patient(person.rid, "Observation", 5)] == ["bp"]
    assert {row.actor_id for row in AuditRow.objects.all()} == {"system:import"}


def test_importing_twice_changes_nothing(bundle, hospital, capsys):
    run(bundle, capsys=capsys)
    run(bundle.parent, "--organisation", str(hospital.pk), capsys=capsys)

    assert Version.objects.count() == 2


def test_ndjson_and_single_resources_are_files_too(tmp_path, hospital):
    lines = [json.dumps(patient(id=f"p{n}")) for n in range(3)]
    (tmp_path / "people.ndjson").write_text("\n".join(lines))
    (tmp_path / "one.json").write_text(json.dumps(observation("p1", id="o")))

    call_command("import_fhir", str(tmp_path))

    assert Patient.objects.count() == 3
    assert queries.read("Observation", "o") is not None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"resourceType":"Bundle","entry":5}', "\x00"])
def test_a_file_that_is_no_fhir_is_refused_and_nothing_else_happens(
    text, tmp_path, hospital, capsys
):
    path = tmp_path / "broken.json"
    path.write_text(text)

    with pytest.raises(CommandError):
        call_command("import_fhir", str(path))
    assert "broken.json" in capsys.readouterr().err


def test_an_institution_that_is_not_there_is_said(bundle):
    with pytest.raises(CommandError):
        call_command("import_fhir", str(bundle), "--organisation", "99")
