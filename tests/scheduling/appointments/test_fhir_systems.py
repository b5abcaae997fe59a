"""A hospital's own system finds, holds and books for the patients of its institution."""

import json
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import time_machine

from records.fhir.models import Version
from records.fhir.walker import check
from scheduling.appointments import receiving
from scheduling.appointments.models import Appointment, Status
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from telemed.people.models import Application
from telemed.people.services import account_of
from tests.factories.fhir import application_token
from tests.factories.people import OrganisationFactory, PatientFactory, treated
from tests.factories.scheduling import PeriodFactory, in_days, places_of
from tests.marks import committed
from tests.racing import race
from tests.records.fhir.asgi import Client, together

pytestmark = committed
OURS = "identifier=urn:his|77"


@pytest.fixture
def period():
    return PeriodFactory(public=3)


@pytest.fixture
def clinic():
    """A township clinic, with a system of its own."""
    return OrganisationFactory()


@pytest.fixture
def system(clinic):
    return Client(application_token(organisation=clinic))


@pytest.fixture
def patient(clinic):
    return treated(PatientFactory(), clinic)


def wanted(period, patient, **more):
    return {
        "resourceType": "Appointment",
        "identifier": [{"system": "urn:his", "value": "77"}],
        "status": "booked",
        "slot": [{"reference": f"Slot/{period.pk}"}],
        "participant": [
            {"actor": {"reference": f"Patient/{patient.fhir_id}"}, "status": "accepted"}
        ],
        **more,
    }


def parameters(**given):
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": name.replace("_", "-"), **value} for name, value in given.items()],
    }


def hold(client, period, patient, **headers):
    body = parameters(appt_resource={"resource": wanted(period, patient, status="proposed")})
    return client.post("/fhir/Appointment/$hold", body, **headers)


def hold_of(answer):
    assert answer.status == 200, answer.body
    return next(one["valueId"] for one in answer.json["parameter"] if one["name"] == "hold")


def confirm(client, hold_id, **headers):
    return client.post("/fhir/Appointment/$book", parameters(hold={"valueId": hold_id}), **headers)


def find(client, period, **more):
    start = (period.starts_at - timedelta(hours=1)).isoformat()
    end = (period.starts_at + timedelta(days=1)).isoformat()
    return client.get(f"/fhir/Appointment/$find?{urlencode({'start': start, 'end': end, **more})}")


def test_it_finds_holds_and_books_elsewhere_for_its_patient(system, patient, period):
    assert not find(system, period).resources  # nothing at its own
    there = f"Organization/{period.organisation_id}"
    [proposed] = find(system, period, organization=there).resources
    assert proposed["slot"] == [{"reference": f"Slot/{period.pk}"}]
    held = hold_of(hold(system, period, patient))
    assert places_of(period) == {"public": (1, 3)}
    for _twice in range(2):
        booked = confirm(system, held)
        assert (booked.status, booked.json["status"]) == (200, "booked"), booked.body
    kept = Appointment.objects.get()
    account = Application.objects.get().account
    assert (kept.booked_by, kept.by_system, kept.channel, kept.ticket) == (account, True, "app", 1)
    row = AuditRow.objects.get(action="appointment.book")
    assert (row.actor_id, row.door) == (Application.objects.get().actor_id, "fhir")


def test_at_its_own_hospital_it_finds_what_the_desk_finds():
    period = PeriodFactory(public=0, walk_in=1)
    mine = Client(application_token(organisation=period.organisation))
    assert len(find(mine, period).resources) == 1
    stranger = Client(application_token())
    assert not find(stranger, period, organization=str(period.organisation_id)).resources
    hold_of(hold(mine, period, PatientFactory()))
    assert places_of(period) == {"public": (0, 0), "walk_in": (1, 1)}


def test_one_hold_for_each_patient(system, clinic, patient, period):
    other = treated(PatientFactory(), clinic)
    first, second = hold_of(hold(system, period, patient)), hold_of(hold(system, period, other))
    assert first != second
    assert hold_of(hold(system, period, patient)) == first
    later = PeriodFactory(session=period.session, starts_at=period.ends_at, public=1)
    moved = hold_of(hold(system, later, patient))
    assert Appointment.objects.get(pk=first).status == Status.EXPIRED
    held = Appointment.objects.filter(status=Status.HELD).values_list("pk", flat=True)
    assert {str(pk) for pk in held} == {second, moved}
    assert places_of(period) == {"public": (1, 3)}


def test_at_once_it_holds_once(system, patient, period):
    body = parameters(appt_resource={"resource": wanted(period, patient, status="proposed")})
    path = "/fhir/Appointment/$hold"
    key = {"idempotency-key": "h"}
    answers = together(*(system.ask("POST", path, body, **key) for _ in range(4)))
    assert {answer.status for answer in answers} == {200}
    assert len({hold_of(answer) for answer in answers}) == 1
    assert places_of(period) == {"public": (1, 3)}


def test_under_a_key_it_is_answered_about_the_same_hold(system, patient, period):
    key = {"idempotency-key": "h"}
    held = hold_of(hold(system, period, patient, **key))
    other = PeriodFactory(session=period.session, starts_at=period.ends_at, public=1)
    moved = hold(system, other, patient, **key)
    assert (moved.status, moved.issue["expression"]) == (422, ["Idempotency-Key"])
    with time_machine.travel(Appointment.objects.get().held_until + timedelta(seconds=1)):
        client = Client(application_token(organisation=period.organisation))
        assert confirm(client, held).status == 404  # another's
    booked = confirm(system, held, **{"idempotency-key": "b"})
    again = hold(system, period, patient, **key)
    assert (hold_of(again), Appointment.objects.count()) == (held, 1)
    assert confirm(system, held, **{"idempotency-key": "b"}).json == booked.json
    long = hold(system, period, patient, **{"idempotency-key": "x" * 81})
    assert (long.status, long.issue["expression"]) == (422, ["Idempotency-Key"])


@pytest.mark.parametrize("door", ["hold", "book"])
def test_whom_its_institution_does_not_treat_it_books_only_at_home(system, period, door):
    person = PatientFactory()
    if door == "hold":
        answer = hold(system, period, person)
    else:
        answer = system.post("/fhir/Appointment", wanted(period, person), idempotency_key="k")
    assert (answer.status, answer.issue["code"]) == (403, "forbidden"), answer.body
    assert "for this person" in answer.issue["diagnostics"]
    assert places_of(period) == {"public": (0, 3)}


def test_refusals_have_a_type_and_a_place(system, patient, period):
    made = system.post("/fhir/Appointment", wanted(period, patient), idempotency_key="k")
    assert made.status == 201
    again = hold(system, period, patient)
    assert (again.status, again.issue["code"]) == (409, "conflict")
    assert again.issue["diagnostics"] == "Already booked in this department that day."
    full = PeriodFactory(public=0, walk_in=1)
    answer = hold(system, full, patient)
    assert (answer.status, answer.issue["code"]) == (409, "conflict")
    wrong = wanted(period, patient, start="2020-01-01T08:00:00+08:00", status="proposed")
    body = parameters(appt_resource={"resource": wrong})
    answer = system.post("/fhir/Appointment/$hold", body)
    assert (answer.status, answer.issue["code"]) == (422, "business-rule")
    assert answer.issue["expression"] == ["Appointment.start"]
    reads = Client(application_token("system/Appointment.rs"))
    assert hold(reads, period, patient).status == 403


def test_it_takes_back_what_it_booked_elsewhere(system, clinic, patient, period):
    made = system.post("/fhir/Appointment", wanted(period, patient), idempotency_key="k").json
    path, gone = f"/fhir/Appointment/{made['id']}", {**made, "status": "cancelled"}
    neighbour = Client(application_token(organisation=clinic))
    assert neighbour.put(path, gone).status == 404
    assert system.put(path, {**made, "status": "arrived"}).status == 403
    answer = system.put(path, gone)
    assert (answer.status, answer.json["status"]) == (200, "cancelled"), answer.body


def test_created_only_where_it_is_not_there_yet(system, patient, period):
    made = system.post("/fhir/Appointment", wanted(period, patient), if_none_exist=OURS)
    assert made.status == 201, made.body
    assert made.json["identifier"] == [{"system": "urn:his", "value": "77"}]
    assert not check(json.loads(made.body, parse_float=Decimal))[0]
    again = system.post("/fhir/Appointment", wanted(period, patient), if_none_exist=f"?{OURS}")
    assert (again.status, again.json) == (200, made.json)
    assert again.headers["location"] == made.headers["location"]
    slot = f"slot=Slot/{period.pk}&patient=Patient/{patient.fhir_id}&status=booked"
    named = system.post("/fhir/Appointment", wanted(period, patient), if_none_exist=slot)
    assert (named.status, named.json["id"]) == (200, made.json["id"])
    assert Appointment.objects.count() == 1
    plain = wanted(PeriodFactory(public=1, session__day=in_days(8)), patient)
    answer = system.post("/fhir/Appointment", plain, idempotency_key="other")
    assert (answer.status, answer.issue["expression"]) == (409, ["Appointment.identifier"])


def test_another_systems_number_is_no_answer(system, patient, period):
    system.post("/fhir/Appointment", wanted(period, patient), if_none_exist=OURS)
    other_clinic = OrganisationFactory()
    other = Client(application_token(organisation=other_clinic))
    theirs = treated(PatientFactory(), other_clinic)
    made = other.post("/fhir/Appointment", wanted(period, theirs), if_none_exist=OURS)
    assert made.status == 201, made.body
    assert Appointment.objects.count() == 2


def test_at_once_it_is_created_once(system, patient, period):
    body = wanted(period, patient)
    body.pop("identifier")
    condition = {"if-none-exist": f"slot={period.pk}&patient={patient.fhir_id}"}
    answers = together(
        *(system.ask("POST", "/fhir/Appointment", body, **condition) for _ in range(4))
    )
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 201]
    assert Appointment.objects.count() == 1


def test_who_creates_at_the_same_time_waits_and_finds_it(system, patient, period):
    application, body = Application.objects.get(), wanted(period, patient)
    asked = [("identifier", "urn:his|77")]
    with intention(application, door="fhir"):
        account_of(application=application)  # who makes it would wait for each other by itself

    def create():
        with intention(application, door="fhir"):
            if receiving.existing(application, asked) is None:
                receiving.create(application, body)

    assert race([create, create, create]) == {"won": 3}
    assert Appointment.objects.count() == 1


def test_where_several_fit_nothing_is_done(system, clinic, patient, period):
    other = treated(PatientFactory(), clinic)
    for number, who in enumerate((patient, other)):
        body = wanted(period, who, identifier=[{"system": "urn:his", "value": str(number)}])
        assert system.post("/fhir/Appointment", body, idempotency_key=str(number)).status == 201
    before = Version.objects.count()
    answer = system.post(
        "/fhir/Appointment", wanted(period, patient), if_none_exist=f"slot=Slot/{period.pk}"
    )
    assert (answer.status, answer.issue["code"]) == (412, "multiple-matches")
    assert (Appointment.objects.count(), Version.objects.count()) == (2, before)


@pytest.mark.parametrize(
    ("condition", "status", "code"),
    [
        ("", 422, "business-rule"),  # no condition: it needs a key
        ("practitioner=x", 400, "not-supported"),
        ("identifier=77", 400, "structure"),
        ("?", 400, "structure"),
    ],
)
def test_a_condition_that_says_nothing_is_refused(system, patient, period, condition, status, code):
    answer = system.post("/fhir/Appointment", wanted(period, patient), if_none_exist=condition)
    assert (answer.status, answer.issue["code"]) == (status, code), answer.body
    assert not Appointment.objects.exists()


def entry(body, condition=OURS):
    return {
        "request": {"method": "POST", "url": "Appointment", "ifNoneExist": condition},
        "resource": body,
    }


def test_in_a_batch_each_entry_has_its_condition(system, patient, period):
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [entry(wanted(period, patient))]}
    for status in ("201", "200"):
        answer = system.post("/fhir", bundle)
        assert answer.json["entry"][0]["response"]["status"] == status, answer.body
    transaction = system.post("/fhir", {**bundle, "type": "transaction"})
    assert (transaction.status, transaction.issue["code"]) == (400, "not-supported")
    assert transaction.issue["expression"] == ["Bundle.entry[0].resource"]
    assert Appointment.objects.count() == 1
