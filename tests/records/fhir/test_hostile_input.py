"""Whatever comes in, the answer is an OperationOutcome that says what is wrong, and never a 500."""

import json
from urllib.parse import quote

import pytest

from records.fhir.door.messages import BODY_LIMIT
from records.fhir.models import Resource
from tests.factories.fhir import observation, patient
from tests.marks import committed
from tests.records.fhir.asgi import Client

pytestmark = committed
DEEP = '{"resourceType":"Patient","extension":' + '[{"extension":' * 300 + "[]" + "}]" * 300 + "}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"Patient"', 400),
        (b"{}", 400),
        (b"\xff\xfe", 400),
        (b'{"resourceType":"Patient","resourceType":"Patient"}', 400),
        (b'{"resourceType":"Patient","name":[{"text":"a\\u0000"}]}', 400),
        (b'{"resourceType":"Patient","name":[{"text":"\\ud800"}]}', 400),
        (b'{"resourceType":"Patient","implicitRules":"a\\u0000b"}', 400),
        (b'{"resourceType":"Patient","multipleBirthInteger":1e400}', 400),
        (b'{"resourceType":["Patient"]}', 400),
        (b'{"resourceType":"Observation"}', 400),
        (b'{"resourceType":"Patient","id":5,"meta":"x"}', 400),
        (b'{"resourceType":"Patient","birthDate":["1990"]}', 400),
        (DEEP.encode(), 400),
        (b"[" * 200_000, 400),
        (b'{"resourceType":"Patient"}', 201),  # odd, and valid
        (b'{"resourceType":"Patient","birthDate":"0001-01-01"}', 201),
        (b'{"resourceType":"Patient","birthDate":"9999-12-31"}', 201),
        (b'{"resourceType":"Patient","deceasedDateTime":"2016-12-31T23:59:60Z"}', 201),
        (json.dumps(patient(name=[{"text": "长" * 100_000}])).encode(), 201),
        (json.dumps(patient(identifier=[{"value": "9" * 100_000}])).encode(), 201),
        (json.dumps(patient(identifier=[{"system": "urn:oid:2.16.156.1", "value": "1"}])).encode(),
         201),
        (json.dumps(patient(telecom=[{"system": "phone", "value": "1" * 500}])).encode(), 201),
    ],
    ids=lambda value: None,
)  # fmt: skip
def test_a_patient_is_stored_or_refused_in_words(system, body, status):
    answer = system.post("/fhir/Patient", body)

    assert answer.status == status, answer.body[:300]
    assert Resource.objects.count() == (status == 201)
    if status == 400:
        assert answer.issue["diagnostics"]


@pytest.mark.parametrize("value", ["1E+245", "1E+400", "-1E-400", "12345678901234567890123", "0.0"])
def test_any_decimal_is_stored_and_searched_around(system, value):
    wang = system.post("/fhir/Patient", patient()).json["id"]
    sent = json.dumps(observation(wang))[:-1] + f',"valueQuantity":{{"value":{value}}}}}'

    assert system.post("/fhir/Observation", sent).status == 201
    assert system.get(f"/fhir/Observation?value-quantity=ap{quote(value)}").status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fhir", 405),
        ("GET", "/fhir/", 405),
        ("GET", "/fhir/Nonsense", 404),
        ("GET", "/fhir/patient/1", 404),
        ("GET", "/fhir/Patient/%00", 404),
        ("GET", "/fhir/Patient/a\x00b", 400),
        ("GET", "/fhir/Patient/" + "a" * 5000, 404),
        ("GET", "/fhir/Patient/1/_history/x", 404),
        ("GET", "/fhir/Patient/1/_history/99999999999", 404),
        ("GET", "/fhir/Patient/1/_history?_count=x", 400),
        ("GET", "/fhir/Patient/1/2/3/4/5", 405),
        ("PATCH", "/fhir/Patient/1", 405),
        ("DELETE", "/fhir/Patient", 405),
        ("PUT", "/fhir/Patient/" + "a" * 65, 400),
        ("TRACE", "/fhir/Patient/1", 405),
        ("GET", "/fhir/Patient?" + "&".join("name=a" for _ in range(300)), 400),
        ("GET", "/fhir/Patient?name=" + "a" * 10_000, 200),
        ("GET", "/fhir/Patient?name=%ff%fe", 200),
        ("GET", "/fhir/Patient?name=a%5C", 200),
        ("GET", "/fhir/Patient?name='%20or%201=1;--", 200),
        ("GET", "/fhir/Patient?name=%25(v1)b", 200),
        ("GET", "/fhir/Patient?_id=" + ",".join("a" for _ in range(500)), 400),
        ("GET", "/fhir/Patient?_count=99999999999999999999", 200),
        ("GET", "/fhir/Patient?_lastUpdated=gt2026-13-01", 400),
    ],
    ids=lambda value: None,
)
def test_any_address_is_answered_in_words(system, method, path, status):
    answer = system.call(method, path)

    assert answer.status == status, answer.body[:300]
    assert answer.json["resourceType"] in ("OperationOutcome", "Bundle")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_type": "application/xml"}, 415),
        ({"content_encoding": "gzip"}, 415),
        ({"accept": "application/fhir+xml"}, 406),
        ({"accept": "text/html,*/*;q=0.8"}, 201),
        ({"host": "evil.example"}, 400),
        ({"host": ""}, 400),
        ({"content_length": str(BODY_LIMIT + 1)}, 413),
        ({"content_length": "9" * 40}, 413),
        ({"if_none_exist": "name=王".encode().decode("latin-1")}, 400),
        ({"if_none_exist": "nonsense=1"}, 400),
        ({"accept_language": "xx;q=nonsense, *"}, 201),
    ],
    ids=lambda value: None,
)
def test_any_header_is_answered_in_words(system, headers, status):
    assert system.post("/fhir/Patient", patient(), **headers).status == status


@pytest.mark.parametrize("etag", ["1", 'W/"x"', "*", 'W/"99999999999"'])
def test_an_if_match_that_names_no_version_is_refused(system, etag):
    answer = system.put("/fhir/Patient/p", patient(id="p"), if_match=etag)

    assert (answer.status, Resource.objects.count()) == (400, 0)


def test_a_body_that_is_too_large_is_refused(system, monkeypatch):
    monkeypatch.setattr("records.fhir.door.messages.BODY_LIMIT", 1000)
    answer = system.post("/fhir/Patient", patient(name=[{"text": "a" * 2000}]))

    assert (answer.status, answer.issue["code"]) == (413, "too-long")


def test_what_is_not_ours_goes_on_to_django(transactional_db):
    assert Client().get("/fhirly").status == 404
    assert "OperationOutcome" not in Client().get("/fhirly").body.decode()
