import pytest

from records.fhir.models import Resource
from tests.factories.fhir import observation, patient
from tests.marks import committed
from tests.records.fhir.asgi import together

pytestmark = committed
WANG, READING = (
    "urn:uuid:11111111-0000-4000-8000-000000000001",
    "urn:uuid:11111111-0000-4000-8000-000000000002",
)


def entry(resource, method="POST", url="", **more):
    full_url = more.pop("fullUrl", "")
    request = {"method": method, "url": url or resource["resourceType"], **more}
    found = {"request": request, "resource": resource}
    return {"fullUrl": full_url, **found} if full_url else found


def bundle(*entries, kind="transaction"):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def reading(subject=WANG, **more):
    return {**observation("x"), "subject": {"reference": subject}, **more}


def test_a_transaction_ties_its_entries_together(system):
    sent = bundle(
        entry(reading(), fullUrl=READING),  # refers forward
        entry(patient(identifier=[{"system": "urn:ietf:rfc:3986", "value": WANG}]), fullUrl=WANG),
    )

    answer = system.post("/fhir", sent)

    assert answer.status == 200, answer.json
    places = [e["response"]["location"].split("/")[:2] for e in answer.json["entry"]]
    (_, observation_id), (_, wang) = places
    assert [e["response"]["status"] for e in answer.json["entry"]] == ["201 Created"] * 2
    stored = system.get(f"/fhir/Observation/{observation_id}").json
    assert stored["subject"]["reference"] == f"Patient/{wang}"
    identifier = system.get(f"/fhir/Patient/{wang}").json["identifier"][0]
    assert identifier["value"] == WANG  # an identifier is no reference
    assert system.get(f"/fhir/Observation?patient={wang}").ids == [observation_id]


def test_one_bad_entry_undoes_all_and_is_named(system):
    bad = reading(status="bogus")

    answer = system.post("/fhir", bundle(entry(patient(), fullUrl=WANG), entry(bad)))

    assert answer.status == 400
    assert answer.issue["code"] == "code-invalid"
    assert answer.issue["expression"] == ["Bundle.entry[1].resource.Observation.status"]
    assert not Resource.objects.exists()


def test_a_transaction_changes_and_deletes(system):
    wang = system.post("/fhir/Patient", patient()).json["id"]
    first = system.post("/fhir/Observation", observation(wang)).json
    second = system.post("/fhir/Observation", observation(wang)).json
    changed = {**first, "status": "amended"}
    sent = bundle(
        entry(changed, "PUT", f"Observation/{first['id']}", ifMatch='W/"1"'),
        {"request": {"method": "DELETE", "url": f"Observation/{second['id']}"}},
    )

    answer = system.post("/fhir", sent)

    statuses = [e["response"]["status"] for e in answer.json["entry"]]
    assert statuses == ["200 OK", "204 No Content"]
    assert system.get(f"/fhir/Observation/{second['id']}").status == 410
    late = system.post("/fhir", sent)
    assert late.status == 412
    assert system.get(f"/fhir/Observation/{first['id']}").json["meta"]["versionId"] == "2"


def test_a_conditional_entry_makes_what_is_missing_and_finds_what_is_there(system):
    card = patient(identifier=[{"system": "http://his", "value": "42"}])
    sent = bundle(
        entry(card, fullUrl=WANG, ifNoneExist="identifier=http://his|42"), entry(reading())
    )

    answers = together(*(system.ask("POST", "/fhir", sent) for _ in range(6)))

    assert {a.status for a in answers} == {200}
    people = system.get("/fhir/Patient?identifier=http://his|42").ids
    assert len(people) == 1
    assert len(system.get(f"/fhir/Observation?patient={people[0]}").ids) == 6


def test_a_doctor_may_bring_a_new_patient_with_the_first_findings(doctor, other_doctor):
    sent = bundle(entry(patient(), fullUrl=WANG), entry(reading()))

    assert doctor.post("/fhir", sent).status == 200
    theirs = doctor.get("/fhir/Patient?gender=female").ids[0]
    refused = other_doctor.post("/fhir", bundle(entry(reading(f"Patient/{theirs}"))))
    assert refused.status == 403


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"resourceType": "Patient"}, "Bundle"),
        (bundle(entry(patient()), kind="collection"), "Bundle.type"),
        ({"resourceType": "Bundle", "type": "transaction", "entry": {}}, "Bundle.entry"),
        ({"resourceType": "Bundle", "type": "transaction", "entry": [{}]}, "Bundle.entry[0]"),
        (bundle({"resource": {"resourceType": "Basic"}}), "Bundle.entry[0]"),
        (bundle(entry(patient(), "GET", "Patient")), "Bundle.entry[0].request.method"),
        (bundle(entry(patient(), "PUT", "Patient")), "Bundle.entry[0].request.url"),
        (bundle(entry(patient(), "PUT", "Patient?name=a")), "Bundle.entry[0].request.url"),
        (bundle(entry(patient(), "POST", "Nonsense")), "Bundle.entry[0].request.url"),
        (bundle({"request": {"method": "POST", "url": "Patient"}}), "Bundle.entry[0].resource"),
        (
            bundle(*[entry(patient(id="p"), "PUT", "Patient/p")] * 2),
            "Bundle.entry[1].resource",
        ),
    ],
)
def test_what_is_no_transaction_is_refused_with_its_place(system, sent, where):
    answer = system.post("/fhir", sent)

    assert answer.status == 400
    assert answer.issue["expression"] == [where]
    assert not Resource.objects.exists()


def test_in_a_batch_each_entry_stands_alone(system):
    sent = bundle(
        entry(patient()),
        entry(reading(status="bogus")),
        {"request": {"method": "GET", "url": "Patient?gender=female"}},
        {"request": {"method": "GET", "url": "Patient/nobody"}},
        kind="batch",
    )

    answer = system.post("/fhir", sent)

    statuses = [e["response"]["status"] for e in answer.json["entry"]]
    assert statuses == ["201", "400", "200", "404"]
    assert len(answer.json["entry"][2]["resource"]["entry"]) == 1
