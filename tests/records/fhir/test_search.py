import pytest

from tests.factories.fhir import observation, patient
from tests.marks import committed

pytestmark = committed
LOINC = "http://loinc.org"


def quantity(value: str) -> dict:
    system = "http://unitsofmeasure.org"
    return {
        "valueQuantity": {"value": float(value), "unit": "mmHg", "system": system, "code": "mm[Hg]"}
    }


@pytest.fixture
def record(system):
    """Two people; Wang has three observations, Li one. Ids are readable."""
    wang = patient(
        id="wang",
        birthDate="1968-05-01",
        identifier=[
            {
                "system": "http://his",
                "value": "W,1",
                "type": {"coding": [{"system": "http://t", "code": "MR"}]},
            }
        ],
        telecom=[{"system": "phone", "value": "13900000001"}],
        address=[{"text": "贵州省贵阳市云岩区中华北路1号", "city": "贵阳市"}],
    )
    li = patient(
        id="li",
        gender="male",
        birthDate="1990",
        name=[{"family": "Lí", "given": ["Ana"]}],
        identifier=[{"system": "http://his", "value": "L1"}],
    )
    things = [
        wang,
        li,
        {
            "resourceType": "Encounter",
            "id": "visit",
            "status": "finished",
            "class": {"system": "http://c", "code": "AMB"},
            "subject": {"reference": "Patient/wang"},
            "period": {"start": "2026-01-01T08:00:00+08:00"},
        },
        observation(
            "wang",
            id="bp-1",
            effectiveDateTime="2026-01-01T23:30:00+08:00",
            encounter={"reference": "Encounter/visit"},
            **quantity("120"),
        ),
        observation("wang", id="bp-2", effectiveDateTime="2026-02-01", **quantity("180")),
        observation(
            "wang",
            "2339-0",
            id="glucose",
            status="amended",
            effectiveDateTime="2026-03",
            valueString="high",
        ),
        observation("li", id="bp-3", effectiveDateTime="2026-01-15T08:00:00Z", **quantity("150")),
    ]
    for thing in things:
        answer = system.put(f"/fhir/{thing['resourceType']}/{thing['id']}", thing)
        assert answer.status == 201, answer.json
    return system


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("Observation?patient=wang", ["glucose", "bp-2", "bp-1"]),
        ("Observation?patient=Patient/wang&code=8480-6", ["bp-2", "bp-1"]),
        ("Observation?subject=Patient/wang&status=amended", ["glucose"]),
        ("Observation?subject:Patient=wang&status:not=amended", ["bp-2", "bp-1"]),
        (f"Observation?code={LOINC}|8480-6", ["bp-2", "bp-3", "bp-1"]),
        ("Observation?code=http://other|8480-6", []),
        ("Observation?code=|8480-6", []),
        (f"Observation?code={LOINC}|", ["glucose", "bp-2", "bp-3", "bp-1"]),
        ("Observation?code=8480-6,2339-0", ["glucose", "bp-2", "bp-3", "bp-1"]),
        ("Observation?code=8480-6&_sort=date", ["bp-1", "bp-3", "bp-2"]),
        ("Observation?patient=wang&_sort=_lastUpdated", ["bp-1", "bp-2", "glucose"]),
        ("Observation?code=8480-6&date=2026-01", ["bp-3", "bp-1"]),
        ("Observation?patient=wang&date=2026-01-01", ["bp-1"]),  # Chinese time, not UTC
        ("Observation?date=ge2026-02-01", ["glucose", "bp-2"]),
        ("Observation?date=gt2026-01-31&date=lt2026-03-01", ["bp-2"]),
        ("Observation?date=sa2026-02-01", ["glucose"]),
        ("Observation?date=eb2026-01-02", ["bp-1"]),
        ("Observation?value-quantity=gt150", ["bp-2"]),
        ("Observation?value-quantity=ge150", ["bp-2", "bp-3"]),
        ("Observation?value-quantity=150|http://unitsofmeasure.org|mm[Hg]", ["bp-3"]),
        ("Observation?value-quantity=lt150|http://unitsofmeasure.org|kPa", []),
        ("Observation?value-string:missing=false", ["glucose"]),
        ("Observation?value-string=HIGH", ["glucose"]),
        ("Observation?patient=wang&value-quantity:missing=true", ["glucose"]),
        ("Observation?encounter=Encounter/visit", ["bp-1"]),
        ("Observation?subject:Patient.identifier=http://his|L1", ["bp-3"]),
        ("Observation?patient.name=Li", ["bp-3"]),
        ("Observation?patient.gender=female&code=8480-6", ["bp-2", "bp-1"]),
        ("Observation?encounter.class=AMB", ["bp-1"]),
        ("Patient?_id=wang,li,nobody", ["li", "wang"]),
        ("Patient?identifier=http://his|W\\,1", ["wang"]),
        ("Patient?identifier:of-type=http://t|MR|W\\,1", ["wang"]),
        ("Patient?name=王", ["wang"]),
        ("Patient?name=li", ["li"]),  # no accents
        ("Patient?name:exact=li", []),
        ("Patient?family:exact=Lí", ["li"]),
        ("Patient?given=an", ["li"]),
        ("Patient?address:contains=云岩", ["wang"]),
        ("Patient?address-city=贵阳", ["wang"]),
        ("Patient?phone=13900000001", ["wang"]),
        ("Patient?gender=male", ["li"]),
        ("Patient?birthdate=1990", ["li"]),
        ("Patient?birthdate=lt1970", ["wang"]),
        ("Patient?_has:Observation:patient:code=2339-0", ["wang"]),
        ("Patient?_has:Observation:subject:value-quantity=lt130", ["wang"]),
        ("Encounter?_has:Observation:encounter:code=8480-6", ["visit"]),
        ("Patient?_lastUpdated=gt2020-01-01", ["li", "wang"]),
        ("Patient?_lastUpdated=lt2020-01-01", []),
    ],
)  # fmt: skip
def test_every_form_of_search_finds_what_it_should(record, search, found):
    answer = record.get(f"/fhir/{search}")

    assert answer.status == 200, answer.json
    assert answer.ids == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("Observation?patient.gender=female&code=8480-6", ["bp-2", "bp-1"]),
        ("Observation?subject:Patient.name=Li", ["bp-3"]),
        ("Patient?_has:Observation:patient:code=2339-0", ["wang"]),
        ("Patient?name=li", ["li"]),
    ],
)
def test_what_many_fit_is_checked_on_each_candidate(record, search, found, monkeypatch):
    monkeypatch.setattr("records.fhir.search.links.FEW", 0)

    assert record.get(f"/fhir/{search}").ids == found


def test_a_chain_that_would_look_at_too_much_is_refused(record, monkeypatch):
    monkeypatch.setattr("records.fhir.search.links.FEW", 0)
    answer = record.get("/fhir/Observation?encounter.class=AMB")

    assert (answer.status, answer.issue["code"]) == (400, "too-costly")


def test_one_request_for_all_forms_of_a_search(record):
    answer = record.post(
        "/fhir/Observation/_search",
        "patient=wang&code=8480-6",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.ids == ["bp-2", "bp-1"]


def test_pages_follow_each_other_without_a_gap(record):
    seen, address = [], "/fhir/Observation?code=8480-6&_count=1"
    while address:
        page = record.get(address)
        seen += page.ids
        links = {link["relation"]: link["url"] for link in page.json["link"]}
        address = links.get("next", "").removeprefix("http://testserver")

    assert seen == ["bp-2", "bp-3", "bp-1"]


@pytest.mark.parametrize(
    "parameter", ["patient=wang", "code=8480-6", "status=final", "encounter=visit"]
)
@pytest.mark.parametrize("sort", ["date", "-date", "_lastUpdated", "-_lastUpdated"])
def test_pages_fit_whatever_drives_the_search(record, parameter, sort):
    whole = record.get(f"/fhir/Observation?{parameter}&_sort={sort}").ids
    seen, address = [], f"/fhir/Observation?{parameter}&_sort={sort}&_count=1"
    while address:
        page = record.get(address)
        seen += page.ids
        links = {link["relation"]: link["url"] for link in page.json["link"]}
        address = links.get("next", "").removeprefix("http://testserver")

    assert seen == whole
    assert len(seen) == len(set(seen)) > 0


def test_a_page_address_is_for_its_own_search_alone(record):
    links = record.get("/fhir/Observation?code=8480-6&_count=1").json["link"]
    page = links[1]["url"].rpartition("_page=")[2]

    other = record.get(f"/fhir/Observation?code=2339-0&_page={page}")
    forged = record.get("/fhir/Observation?code=8480-6&_page=abc")

    assert (other.status, forged.status) == (400, 400)


def test_the_self_link_escapes_what_an_address_cannot_hold(record):
    sent = "name=%E5%BC%A0%20%26%3D&_sort=-_lastUpdated&birthdate=ge1960"
    (link,) = record.get(f"/fhir/Patient?{sent}").json["link"]

    assert link["url"].partition("?")[2] == sent.replace("%20", "+")


def test_a_count_has_no_entries(record):
    answer = record.get("/fhir/Observation?code=8480-6&_summary=count")

    assert answer.json["total"] == 3
    assert "entry" not in answer.json
    assert record.get("/fhir/Observation?_count=0").json["total"] == 4
    assert record.get("/fhir/Observation?patient=wang&_count=1&_total=accurate").json["total"] == 3


def test_includes_bring_the_other_side_once(record):
    answer = record.get("/fhir/Observation?patient=wang&code=8480-6&_include=Observation:subject")

    modes = [(e["resource"]["id"], e["search"]["mode"]) for e in answer.json["entry"]]
    assert modes == [("bp-2", "match"), ("bp-1", "match"), ("wang", "include")]
    back = record.get("/fhir/Encounter?_id=visit&_revinclude=Observation:encounter")
    assert back.ids == ["visit", "bp-1"]


def test_an_unknown_parameter_is_refused_or_reported(record):
    strict = record.get("/fhir/Observation?patient=wang&colour=red")
    lenient = record.get("/fhir/Observation?patient=wang&colour=red", prefer="handling=lenient")

    assert (strict.status, strict.issue["code"]) == (400, "not-supported")
    assert strict.issue["expression"] == ["colour"]
    assert len(lenient.resources) == 4
    assert "colour" in lenient.resources[-1]["issue"][0]["diagnostics"]
    assert "colour" not in lenient.json["link"][0]["url"]


@pytest.mark.parametrize(
    "search",
    [
        "Observation?date=yesterday",
        "Observation?date=2026-02-30",
        "Observation?value-quantity=much",
        "Observation?value-quantity=5||mg",
        "Observation?code:in=http://x",
        "Observation?status:missing=maybe",
        "Observation?_sort=status",
        "Observation?_count=-1",
        "Observation?_include=Observation:code",
        "Observation?subject.name.given=a",
        "Observation?_has:Observation=1",
        "Observation?_summary=text",
        "Observation?code=a|b|c",
        "Observation?code=%00",
    ],
)
def test_what_cannot_be_searched_for_is_said(record, search):
    answer = record.get(f"/fhir/{search}")

    assert answer.status == 400
    assert answer.issue["diagnostics"]


def test_an_update_leaves_nothing_of_the_old_values(record):
    changed = observation("li", "2339-0", id="bp-1")
    assert record.put("/fhir/Observation/bp-1", changed).status == 200

    assert record.get("/fhir/Observation?encounter=Encounter/visit").ids == []
    assert record.get("/fhir/Observation?patient=wang&code=8480-6").ids == ["bp-2"]
    assert record.get("/fhir/Observation?value-quantity=120").ids == []
    assert set(record.get("/fhir/Observation?patient=li").ids) == {"bp-1", "bp-3"}
