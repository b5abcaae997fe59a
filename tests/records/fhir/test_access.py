from datetime import timedelta

import pytest
from django.utils import timezone

from records.consent.models import Basis, CareAccess
from records.mpi.models import Patient
from telemed.audit.models import AuditRow
from telemed.core import publication
from telemed.core.publication import Mapping
from telemed.organisations.fhir import ORGANISATION, to_fhir
from telemed.organisations.models import Organisation
from telemed.people.models import AccessToken, Application, Role
from tests.factories.fhir import application_token, observation, patient, token_for
from tests.factories.people import CareAccessFactory, OrganisationFactory, StaffFactory, UserFactory
from tests.marks import committed
from tests.records.fhir.asgi import Client

pytestmark = committed


@pytest.fixture
def wang(doctor):
    """A patient of the hospital with one observation, both brought in by its doctor."""
    wang = doctor.post(
        "/fhir/Patient", patient(identifier=[{"system": "http://his", "value": "7"}])
    )
    assert wang.status == 201, wang.json
    created = doctor.post("/fhir/Observation", observation(wang.json["id"], id="x"))
    assert created.status == 201, created.json
    return Patient.objects.get(fhir_id=wang.json["id"])


def searches(wang):
    return [
        f"Observation?patient={wang.fhir_id}",
        "Observation?code=8480-6",
        "Observation?status=final",
        "Observation?patient.identifier=http://his|7",
        "Observation?patient.gender=female",
        "Observation?date=2026-03",
        f"Patient?_id={wang.fhir_id}",
        "Patient?identifier=http://his|7",
        "Patient?name=%E7%8E%8B",
        "Patient?_has:Observation:patient:code=8480-6",
    ]


def test_the_treating_hospital_finds_the_record_in_every_way(doctor, wang):
    for search in searches(wang):
        assert len(doctor.get(f"/fhir/{search}").resources) == 1, search
        assert doctor.get(f"/fhir/{search}&_summary=count").json["total"] == 1, search


def test_another_hospital_finds_it_in_none(other_doctor, wang):
    for search in searches(wang):
        assert other_doctor.get(f"/fhir/{search}").resources == [], search
        assert other_doctor.get(f"/fhir/{search}&_summary=count").json["total"] == 0, search


def test_access_holds_where_too_many_fit_to_list_them(doctor, other_doctor, wang, monkeypatch):
    monkeypatch.setattr("records.fhir.search.links.FEW", 0)
    for search in (
        "Observation?patient.gender=female",
        "Patient?_has:Observation:patient:code=8480-6",
    ):
        assert len(doctor.get(f"/fhir/{search}").resources) == 1, search
        assert other_doctor.get(f"/fhir/{search}").resources == [], search
        assert other_doctor.get(f"/fhir/{search}&_summary=count").json["total"] == 0, search


def test_hidden_looks_absent(other_doctor, doctor, wang):
    observation_id = doctor.get("/fhir/Observation?code=8480-6").ids[0]

    for path in (f"Patient/{wang.fhir_id}", f"Observation/{observation_id}"):
        hidden = other_doctor.get(f"/fhir/{path}")
        absent = other_doctor.get("/fhir/Observation/nothing")
        assert (hidden.status, hidden.issue["diagnostics"]) == (404, absent.issue["diagnostics"])
        assert other_doctor.get(f"/fhir/{path}/_history").status == 404
        assert other_doctor.get(f"/fhir/{path}/_history/1").status == 404
        assert other_doctor.delete(f"/fhir/{path}").status == 404
    body = observation(wang.fhir_id, id=observation_id)
    assert other_doctor.put(f"/fhir/Observation/{observation_id}", body).status == 404


def test_a_visible_resource_does_not_show_a_hidden_one(doctor, other_doctor, system, wang):
    """Chains, _has and includes are filtered on their own side."""
    mine = other_doctor.post("/fhir/Patient", patient(gender="male")).json["id"]
    joined = observation(mine, "9999-9", performer=[{"reference": f"Patient/{wang.fhir_id}"}])
    assert system.post("/fhir/Observation", joined).status == 201

    shown = other_doctor.get("/fhir/Observation?code=9999-9&_include=Observation:performer")
    assert len(shown.resources) == 1
    chained = "Observation?performer:Patient.identifier=http://his|7"
    assert other_doctor.get(f"/fhir/{chained}").resources == []
    assert len(system.get(f"/fhir/{chained}").resources) == 1
    refers = "Patient?_has:Observation:performer:code=9999-9"
    assert doctor.get(f"/fhir/{refers}").resources == []
    assert system.get(f"/fhir/{refers}").ids == [wang.fhir_id]
    referring = other_doctor.get(f"/fhir/Patient?_id={mine}&_revinclude=Observation:subject")
    assert len(referring.resources) == 2


def test_a_case_opens_the_record_to_one_specialist_until_it_ends(hospital, wang):
    expert, colleague = (StaffFactory(role=Role.SPECIALIST) for _ in range(2))
    colleague.acting_as.organisation = expert.organisation
    colleague.acting_as.save()
    row = CareAccessFactory(
        org=expert.organisation.number, patient=wang.rid, basis=Basis.CASE, person=expert.pk
    )
    path = f"/fhir/Patient/{wang.fhir_id}"

    client = Client(token_for(expert))
    assert client.get(path).status == 200
    assert AuditRow.objects.get(actor_id=expert.actor_id).reason == "open_case"
    assert Client(token_for(colleague)).get(path).status == 404
    assert client.post("/fhir/Observation", observation(wang.fhir_id)).status == 403
    CareAccess.objects.filter(pk=row.pk).update(until=timezone.now() - timedelta(seconds=1))
    assert client.get(path).status == 404


def test_a_resident_sees_the_own_record_and_changes_nothing(doctor, system, wang):
    resident = UserFactory()
    Patient.objects.filter(pk=wang.pk).update(user=resident)
    other = system.post("/fhir/Patient", patient()).json["id"]
    client = Client(token_for(resident))

    assert client.get("/fhir/Patient?name=%E7%8E%8B").ids == [wang.fhir_id]
    assert len(client.get("/fhir/Observation?code=8480-6").resources) == 1
    assert client.get(f"/fhir/Patient/{other}").status == 404
    assert client.post("/fhir/Observation", observation(wang.fhir_id)).status == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.OFFICIAL])
def test_who_manages_sees_institutions_and_no_record(role, hospital, system, wang):
    client = Client(token_for(StaffFactory(role=role, organisation=hospital)))
    place = system.post("/fhir/Location", {"resourceType": "Location", "name": "三楼"}).json["id"]

    assert client.get(f"/fhir/Location/{place}").status == 200
    assert client.get(f"/fhir/Patient/{wang.fhir_id}").status == 404
    assert client.get("/fhir/Observation?code=8480-6").resources == []
    assert client.post("/fhir/Patient", patient()).status == 403


def test_a_role_that_has_ended_opens_nothing(hospital, wang):
    former = StaffFactory(role=Role.SPECIALIST, organisation=hospital)
    former.acting_as.ends_on = timezone.localdate() - timedelta(days=1)
    former.acting_as.save()

    assert Client(token_for(former)).get(f"/fhir/Patient/{wang.fhir_id}").status == 404


def test_doctors_write_for_their_own_patients_alone(doctor, other_doctor, wang):
    refused = other_doctor.post("/fhir/Observation", observation(wang.fhir_id))
    unowned = doctor.post("/fhir/Location", {"resourceType": "Location", "name": "三楼"})

    assert (refused.status, refused.issue["code"]) == (403, "forbidden")
    assert unowned.status == 403


def test_moving_a_resource_to_somebody_elses_record_is_refused(doctor, other_doctor, wang):
    observation_id = doctor.get("/fhir/Observation?code=8480-6").ids[0]
    theirs = other_doctor.post("/fhir/Patient", patient()).json["id"]

    moved = observation(theirs, id=observation_id)
    assert doctor.put(f"/fhir/Observation/{observation_id}", moved).status == 403


def test_a_patient_that_comes_in_becomes_a_person_treated_by_its_institution(hospital, doctor):
    sent = patient(
        birthDate="1968-05-01",
        identifier=[{"system": "urn:oid:2.16.156.1", "value": "11010519491231002X"}],
        telecom=[{"system": "phone", "value": "13900000001"}],
    )
    person = Patient.objects.get(fhir_id=doctor.post("/fhir/Patient", sent).json["id"])

    assert (person.name, person.pinyin, person.initials) == ("王小兰", "wang xiao lan", "wxl")
    assert (person.id_card, person.sex, person.received) == ("11010519491231002X", "female", True)
    assert str(person.pk) == person.fhir_id
    care = CareAccess.objects.get(patient=person.rid)
    assert (care.org, care.basis) == (hospital.number, Basis.TREATING)
    changed = doctor.put(
        f"/fhir/Patient/{person.fhir_id}",
        patient(id=person.fhir_id, name=[{"family": "王", "given": ["兰"]}]),
    )
    assert changed.status == 200
    person.refresh_from_db()
    assert (person.name, person.id_card_hash) == ("王兰", None)


def test_an_identity_number_stays_with_whom_it_belongs_to(doctor):
    card = [{"system": "urn:oid:2.16.156.1", "value": "11010519491231002X"}]
    first = doctor.post("/fhir/Patient", patient(identifier=card))
    second = doctor.post("/fhir/Patient", patient(identifier=card))

    assert (first.status, second.status) == (201, 201)
    assert Patient.objects.exclude(id_card_hash=None).get().fhir_id == first.json["id"]


@pytest.mark.parametrize(
    ("scopes", "statuses"),
    [
        ("system/*.cruds", (201, 200, 200)),
        ("system/Observation.cruds", (403, 403, 200)),
        ("system/*.rs", (403, 200, 200)),
        ("system/Patient.read system/Observation.read", (403, 200, 200)),
        ("system/Patient.r", (403, 200, 403)),
        ("system/*.c", (201, 403, 403)),
        ("user/*.cruds", (403, 403, 403)),
        ("system/*.rs?code=1", (403, 403, 403)),
    ],
)
def test_an_application_does_what_its_scopes_say(scopes, statuses, wang, hospital):
    client = Client(application_token(scopes, hospital))

    created = client.post("/fhir/Patient", patient()).status
    read = client.get(f"/fhir/Patient/{wang.fhir_id}").status
    searched = client.get("/fhir/Observation?code=8480-6").status

    assert (created, read, searched) == statuses


def test_scopes_hold_in_chains_and_includes_too(wang, hospital):
    client = Client(application_token("system/Observation.rs", hospital))

    assert client.get("/fhir/Observation?patient.identifier=http://his|7").resources == []
    shown = client.get("/fhir/Observation?code=8480-6&_include=Observation:subject")
    assert [r["resourceType"] for r in shown.resources] == ["Observation"]


def test_a_token_narrows_what_the_account_may(hospital, wang):
    user = StaffFactory(role=Role.SPECIALIST, organisation=hospital)
    client = Client(token_for(user, scopes="user/Observation.rs"))

    assert client.get("/fhir/Observation?code=8480-6").status == 200
    assert client.get(f"/fhir/Patient/{wang.fhir_id}").status == 403


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Client(),
        lambda: Client("unknown"),
        lambda: Client(authorization="Basic dXNlcjpw"),
        lambda: Client(token_for(UserFactory(), expires_at=timezone.now())),
        lambda: Client(token_for(UserFactory(), revoked_at=timezone.now())),
        lambda: Client(token_for(UserFactory(is_active=False))),
    ],
    ids=["none", "unknown", "basic", "expired", "revoked", "inactive"],
)
def test_without_a_good_token_nobody_comes_in(broken, transactional_db):
    answer = broken().get("/fhir/Patient")

    assert (answer.status, answer.issue["code"]) == (401, "login")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_application_that_was_switched_off_stays_out(hospital):
    token = application_token(organisation=hospital)
    Application.objects.update(active=False)

    assert AccessToken.objects.count() == 1
    assert Client(token).get("/fhir/Patient").status == 401


@pytest.fixture
def published(by, stranger):
    organisation = OrganisationFactory(name="开阳县人民医院")
    with by(stranger):
        publication.publish(organisation)
    return organisation


def test_what_a_slice_published_is_refused_over_rest_and_says_whose_it_is(system, published):
    path = f"/fhir/Organization/{published.pk}"
    mine = {"resourceType": "Organization", "id": str(published.pk), "name": "别的"}

    for answer in (system.put(path, mine), system.delete(path)):
        assert (answer.status, answer.issue["code"]) == (405, "not-supported")
        assert "organisations" in answer.issue["diagnostics"]
    assert system.get(path).json["name"] == "开阳县人民医院"
    assert system.post("/fhir/Organization", mine).status == 201  # another of the type is stored


def test_a_slice_that_takes_it_gets_the_write(system, published):
    def rename(actor, fhir_id, resource):
        organisation = Organisation.objects.get(pk=fhir_id)
        organisation.name = resource["name"]
        organisation.save()
        publication.publish(organisation)

    publication.register(
        Mapping(model=Organisation, resource_type="Organization", build=to_fhir, receive=rename)
    )
    try:
        path = f"/fhir/Organization/{published.pk}"
        mine = {"resourceType": "Organization", "id": str(published.pk), "name": "开阳县中医医院"}
        answer = system.put(path, mine)
    finally:
        publication.register(ORGANISATION)

    assert (answer.status, answer.json["name"]) == (200, "开阳县中医医院")
    assert answer.headers["etag"] == 'W/"2"'


def test_break_glass_opens_the_record_for_an_hour_and_marks_each_read(hospital, doctor, wang):
    """The list form over the store's own columns: the time in the row is what ends it."""
    elsewhere = OrganisationFactory()
    helper = StaffFactory(role=Role.SPECIALIST, organisation=elsewhere)
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=elsewhere)
    facts = {"org": elsewhere.number, "patient": wang.rid, "basis": Basis.BREAK_GLASS}
    row = CareAccessFactory(**facts, person=helper.pk, until=timezone.now() + timedelta(minutes=60))
    client, path = Client(token_for(helper)), f"/fhir/Patient/{wang.fhir_id}"

    assert client.get(path).status == 200
    assert len(client.get(f"/fhir/Observation?patient={wang.fhir_id}").resources) == 1
    assert Client(token_for(colleague)).get(path).status == 404
    read = AuditRow.objects.filter(actor_id=helper.actor_id, action="fhir.read").get()
    assert read.reason == "break_glass"

    CareAccess.objects.filter(pk=row.pk).update(until=timezone.now() - timedelta(seconds=1))
    assert client.get(path).status == 404
    assert client.get(f"/fhir/Observation?patient={wang.fhir_id}").resources == []
