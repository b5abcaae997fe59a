"""Patient/$match: by right alone, with grades, and no more of a person than one may read."""

import pytest

from records.mpi.fhir import HEALTH_CARD_SYSTEM, ID_CARD_SYSTEM
from records.mpi.identity import check_digit
from records.mpi.services import enter_health_card, register_patient
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from telemed.people.models import Role
from tests.factories.fhir import application_token, token_for
from tests.factories.people import StaffFactory, UserFactory, treated
from tests.marks import committed
from tests.records.fhir.asgi import Client

pytestmark = committed
CARD = "52012119580409991" + check_digit("52012119580409991")
HEALTH = "5201210000001231"
GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
AT = "/fhir/Patient/$match"
BY_NUMBER = {"identifier": [{"system": ID_CARD_SYSTEM, "value": CARD}]}
ZHANG = {**BY_NUMBER, "name": [{"text": "张三丰"}], "birthDate": "1958-04-09"}


@pytest.fixture
def desk(hospital):
    return StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=hospital)


@pytest.fixture
def zhang(desk):
    with intention(desk, door="test"):
        patient = register_patient(
            actor=desk,
            organisation=desk.organisation,
            name="张三丰",
            id_card=CARD,
            phone="13800000001",
        )
        enter_health_card(actor=desk, patient=patient, number=HEALTH)
    return patient


@pytest.fixture
def his(hospital):
    """A registered system that may match and read."""
    return Client(application_token("system/Patient.$match system/Patient.rs", hospital))


def asked(person, *more):
    parameters = [{"name": "resource", "resource": {"resourceType": "Patient", **person}}, *more]
    return {"resourceType": "Parameters", "parameter": parameters}


def grades(answer):
    assert answer.status == 200, answer.body
    assert (answer.json["resourceType"], answer.json["type"]) == ("Bundle", "searchset")
    found = []
    for entry in answer.json.get("entry", []):
        (extension,) = entry["search"]["extension"]
        assert (extension["url"], entry["search"]["mode"]) == (GRADE, "match")
        assert 0 <= entry["search"]["score"] <= 1
        found.append((entry["resource"]["id"], extension["valueCode"]))
    return found


@pytest.mark.parametrize(
    ("person", "grade"),
    [
        (ZHANG, "certain"),
        (BY_NUMBER, "probable"),
        ({"identifier": [{"system": HEALTH_CARD_SYSTEM, "value": HEALTH}]}, "probable"),
        ({"name": [{"text": "张三丰"}], "birthDate": "1958-04-09"}, "possible"),
    ],
)
def test_who_may_be_meant_comes_with_a_score_and_a_grade(his, zhang, person, grade):
    assert grades(his.post(AT, asked(person))) == [(zhang.fhir_id, grade)]


def test_nobody_is_an_empty_bundle(his, zhang):
    other = {"name": [{"text": "李四"}], "birthDate": "1990-01-01"}
    answer = his.post(AT, asked(other))
    assert (grades(answer), answer.json["total"]) == ([], 0)


def test_only_certain_ones_and_no_more_than_asked_for(his, zhang):
    certain = {"name": "onlyCertainMatches", "valueBoolean": True}
    assert grades(his.post(AT, asked(BY_NUMBER, certain))) == []
    assert len(grades(his.post(AT, asked(ZHANG, certain)))) == 1
    one = {"name": "count", "valueInteger": 1}
    assert len(grades(his.post(AT, asked(BY_NUMBER, one)))) == 1


def test_it_is_a_right_of_its_own(system, zhang, hospital):
    """`system/*.cruds` reads and writes everything, and looks for nobody."""
    answer = system.post(AT, asked(ZHANG))
    assert answer.status == 403
    assert AuditRow.objects.filter(action="fhir.match").exclude(refused="").exists()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.OFFICIAL])
def test_who_has_no_patients_looks_for_nobody(zhang, role):
    assert Client(token_for(StaffFactory(role=role))).post(AT, asked(ZHANG)).status == 403


def test_nor_does_a_resident_or_a_stranger(zhang):
    assert Client(token_for(UserFactory())).post(AT, asked(ZHANG)).status == 403
    assert Client().post(AT, asked(ZHANG)).status == 401


def test_a_clinician_sees_strangers_masked_and_patients_whole(zhang, desk, other_doctor):
    (entry,) = other_doctor.post(AT, asked(ZHANG)).json["entry"]
    assert entry["resource"]["name"] == [{"text": "张**"}]
    assert CARD not in str(entry)
    assert "13800000001" not in str(entry)
    treated(zhang, desk.organisation)
    (entry,) = Client(token_for(desk)).post(AT, asked(ZHANG)).json["entry"]
    assert entry["resource"]["name"][0]["text"] == "张三丰"


def test_a_system_that_may_not_read_gets_nobody_whole(zhang, hospital):
    only = Client(application_token("system/Patient.$match", hospital))
    (entry,) = only.post(AT, asked(ZHANG)).json["entry"]
    assert entry["resource"]["name"] == [{"text": "张**"}]


def test_each_who_was_found_reads_of_it(his, zhang):
    his.post(AT, asked(ZHANG))
    row = AuditRow.objects.get(action="fhir.match")
    assert (row.patient_id, row.reason, row.door) == (str(zhang.pk), "certain", "fhir")
    assert CARD not in str(AuditRow.objects.values())


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{", "JSON"),
        ({"resourceType": "Patient"}, "Parameters"),
        ({"resourceType": "Parameters"}, "holds the Patient"),
        (asked({"gender": "boy"}), "gender"),
        (asked({}), "Give an ID"),
        (asked({"name": [{"text": "张三丰"}]}), "Give an ID"),
        (asked(ZHANG, {"name": "count", "valueInteger": 0}), "from 1 to"),
        (asked(ZHANG, {"name": "count", "valueInteger": 51}), "from 1 to"),
        (asked(ZHANG, {"name": "count", "valueString": "2"}), "valueInteger"),
        (asked(ZHANG, {"name": "limit", "valueInteger": 2}), "no parameter limit"),
        (asked(ZHANG, asked(ZHANG)["parameter"][0]), "comes once"),
    ],
)
def test_what_cannot_be_asked_is_said(his, zhang, body, says):
    answer = his.post(AT, body)
    assert answer.status in (400, 422)
    assert says in str(answer.issue)


def test_it_may_stand_in_a_batch(his, zhang):
    entry = {"resource": asked(ZHANG), "request": {"method": "POST", "url": "Patient/$match"}}
    answer = his.post("/fhir", {"resourceType": "Bundle", "type": "batch", "entry": [entry]})
    assert answer.status == 200
    assert answer.json["entry"][0]["response"]["status"].startswith("200")


def test_the_capability_statement_says_so(his):
    (rest,) = his.get("/fhir/metadata").json["rest"]
    told = {r["type"]: r.get("operation", []) for r in rest["resource"]}
    assert [operation["name"] for operation in told["Patient"]] == ["match"]
    assert not told["Observation"]
