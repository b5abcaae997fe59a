import json

import pytest

from records.fhir.models import Version
from telemed.audit.models import AuditRow
from tests.factories.fhir import observation, patient
from tests.marks import committed
from tests.records.fhir.asgi import Client, together

pytestmark = committed


@pytest.fixture
def wang(system):
    """A patient that the hospital's system registered."""
    return system.post("/fhir/Patient", patient()).json["id"]


def test_what_was_sent_comes_back_byte_for_byte(system, wang):
    quantity = (
        '{"value" : 1.00, "unit":"mg",\n "extension":[{"url":"http://x","valueDecimal":1E+2}]}'
    )
    sent = json.dumps(observation(wang))[:-1] + f', "valueQuantity": {quantity}}}'

    created = system.post("/fhir/Observation", sent)

    assert created.status == 201
    assert created.headers["etag"] == 'W/"1"'
    read = system.get(f"/fhir/Observation/{created.json['id']}")
    assert read.status == 200
    assert quantity.encode() in read.body
    assert (
        created.headers["location"]
        == f"http://testserver/fhir/Observation/{created.json['id']}/_history/1"
    )
    assert read.body == created.body


def test_an_update_makes_a_version_and_the_old_one_can_be_read(system, wang):
    first = system.post("/fhir/Observation", observation(wang)).json
    changed = {**first, "status": "amended"}

    updated = system.put(f"/fhir/Observation/{first['id']}", changed, if_match='W/"1"')

    assert (updated.status, updated.headers["etag"]) == (200, 'W/"2"')
    old = system.get(f"/fhir/Observation/{first['id']}/_history/1")
    assert old.json["status"] == "final"
    history = system.get(f"/fhir/Observation/{first['id']}/_history")
    assert [r["meta"]["versionId"] for r in history.resources] == ["2", "1"]


def test_an_update_of_an_older_version_is_refused(system, wang):
    first = system.post("/fhir/Observation", observation(wang)).json
    system.put(f"/fhir/Observation/{first['id']}", first)

    late = system.put(f"/fhir/Observation/{first['id']}", first, if_match='W/"1"')

    assert (late.status, late.issue["code"]) == (412, "conflict")


def test_of_eight_updates_of_the_same_version_one_wins(system, wang):
    first = system.post("/fhir/Observation", observation(wang)).json
    path = f"/fhir/Observation/{first['id']}"

    answers = together(*(system.ask("PUT", path, first, if_match='W/"1"') for _ in range(8)))

    assert sorted(answer.status for answer in answers) == [200] + [412] * 7
    assert Version.objects.filter(version=2).count() == 1


def test_eight_updates_without_a_condition_all_get_through(system, wang):
    first = system.post("/fhir/Observation", observation(wang)).json
    path = f"/fhir/Observation/{first['id']}"

    answers = together(*(system.ask("PUT", path, first) for _ in range(8)))

    assert {answer.status for answer in answers} == {200}
    assert sorted(int(a.json["meta"]["versionId"]) for a in answers) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_what_was_deleted_is_gone_but_not_forgotten(system, wang):
    first = system.post("/fhir/Observation", observation(wang)).json
    path = f"/fhir/Observation/{first['id']}"

    assert system.delete(path).status == 204
    assert system.delete(path).status == 204
    assert system.get(path).status == 410
    assert system.get(f"{path}/_history/1").status == 200
    assert system.get(f"/fhir/Observation?_id={first['id']}").resources == []
    deletion = system.get(f"{path}/_history").json["entry"][0]
    assert (deletion["request"]["method"], "resource" in deletion) == ("DELETE", False)
    assert system.put(path, first).headers["etag"] == 'W/"3"'


def test_a_client_may_choose_an_id_that_is_not_of_our_form(system, wang):
    path = "/fhir/Observation/bp-1"

    assert system.put(path, {**observation(wang), "id": "bp-1"}).status == 201
    assert system.put(path, {**observation(wang), "id": "bp-2"}).status == 400
    ours = "01890a5d-ac96-8774-bcce-b302099a8057"
    taken = system.put(f"/fhir/Observation/{ours}", {**observation(wang), "id": ours})
    assert (taken.status, taken.issue["code"]) == (409, "conflict")


def test_every_read_write_and_search_leaves_its_row_with_the_person(system, wang):
    created = system.post("/fhir/Observation", observation(wang)).json
    system.get(f"/fhir/Observation/{created['id']}")
    system.get(f"/fhir/Observation?patient={wang}&code=8480-6")

    rows = AuditRow.objects.order_by("id")
    assert [row.action for row in rows] == [
        "fhir.create",
        "fhir.create",
        "fhir.read",
        "fhir.search",
    ]
    assert {row.patient_id for row in rows} == {wang}  # registered here: the same id
    assert [row.target for row in rows][-1] == "Observation?code,patient"
    assert all(row.hash == row.digest() for row in rows)


def test_a_missing_instance_is_not_found_and_the_attempt_is_on_record(system):
    answer = system.get("/fhir/Observation/nowhere")

    assert (answer.status, answer.issue["code"]) == (404, "not-found")
    row = AuditRow.objects.get()
    assert (row.action, row.target, row.refused) == (
        "fhir.read",
        "Observation/nowhere",
        "not_found",
    )
    assert row.hash == row.digest()


def test_a_known_version_is_not_sent_again(system, wang):
    answer = system.get(f"/fhir/Patient/{wang}", if_none_match='W/"1"')

    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.parametrize(
    ("prefer", "expected"), [("return=minimal", b""), ("return=OperationOutcome", b"informational")]
)
def test_the_client_says_what_it_wants_back(system, prefer, expected):
    answer = system.post("/fhir/Patient", patient(), prefer=prefer)

    assert answer.status == 201
    assert expected in answer.body
    assert (answer.body == b"") == (expected == b"")


def test_sixteen_creates_on_the_same_condition_make_one(system):
    sent = patient(identifier=[{"system": "http://his", "value": "42"}])
    condition = "identifier=http://his|42"

    answers = together(
        *(system.ask("POST", "/fhir/Patient", sent, if_none_exist=condition) for _ in range(16))
    )

    assert sorted(answer.status for answer in answers) == [200] * 15 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1


def test_the_statement_of_capabilities_needs_no_token_and_is_valid(system):
    answer = Client().get("/fhir/metadata")

    assert answer.status == 200
    types = {resource["type"] for resource in answer.json["rest"][0]["resource"]}
    assert {"Patient", "Observation", "DiagnosticReport"} <= types
    stored = system.post("/fhir/CapabilityStatement", answer.body)
    assert stored.status == 201, stored.json


def test_outcomes_speak_the_language_that_was_asked_for(system):
    english = system.get("/fhir/Nonsense/1", accept_language="en")
    assert english.issue["diagnostics"] == "There is no resource type Nonsense in R4."


def test_reads_that_wait_together_are_answered_and_audited_one_by_one(system, wang):
    ids = [system.post("/fhir/Observation", observation(wang)).json["id"] for _ in range(3)]
    system.delete(f"/fhir/Observation/{ids[2]}")

    asked = [*ids, *ids, "nowhere", "nowhere"]
    answers = together(*(system.ask("GET", f"/fhir/Observation/{i}") for i in asked))

    assert [answer.status for answer in answers] == [200, 200, 410, 200, 200, 410, 404, 404]
    assert [a.json["id"] for a in answers if a.status == 200] == [*ids[:2], *ids[:2]]
    rows = AuditRow.objects.filter(action="fhir.read")
    assert rows.filter(refused="", target=f"Observation/{ids[0]}").count() == 2
    assert rows.filter(refused="not_found").count() == rows.filter(refused="gone").count() == 2
    assert rows.count() == 8
    assert all(row.hash == row.digest() for row in rows)
