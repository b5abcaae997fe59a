"""Bookings over FHIR: the same rules and refusals as on the pages."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import time_machine

from records.fhir.walker import check
from scheduling.appointments import receiving, services
from scheduling.appointments.models import Appointment, Status
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from telemed.people.models import Application, Role
from tests.factories.fhir import application_token, token_for
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, places_of
from tests.marks import committed
from tests.records.fhir.asgi import Client, together

pytestmark = committed


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def app(resident):
    return Client(token_for(resident))


@pytest.fixture
def period():
    return PeriodFactory(public=2)


def wanted(period, patient, **more):
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "description": "头晕三天",
        "slot": [{"reference": f"Slot/{period.pk}"}],
        "participant": [
            {"actor": {"reference": f"Patient/{patient.fhir_id}"}, "status": "accepted"}
        ],
        **more,
    }


def book(client, resource, key="one"):
    return client.post("/fhir/Appointment", resource, **{"idempotency-key": key})


def test_a_slot_is_booked_and_the_booking_is_the_answer(app, resident, period):
    answer = book(app, wanted(period, resident.patient))
    assert answer.status == 201, answer.body
    kept = Appointment.objects.get()
    assert answer.json["id"] == str(kept.pk)
    assert answer.headers["location"].endswith(f"/Appointment/{kept.pk}/_history/1")
    assert (kept.status, kept.channel, kept.reason, kept.ticket) == ("booked", "app", "头晕三天", 1)
    assert places_of(period) == {"public": (1, 2)}
    assert AuditRow.objects.filter(action="appointment.book", door="fhir").count() == 1
    assert app.get(f"/fhir/Appointment/{kept.pk}").json == answer.json


def test_sending_again_books_once_and_answers_the_same(app, resident, period):
    first, again = (book(app, wanted(period, resident.patient)) for _ in range(2))
    assert (again.status, again.json) == (201, first.json)
    assert Appointment.objects.count() == 1
    other = PeriodFactory(session=period.session, starts_at=period.ends_at)
    answer = book(app, wanted(other, resident.patient))
    assert (answer.status, answer.issue["expression"]) == (422, ["Idempotency-Key"])


def test_at_once_it_is_booked_once(app, resident, period):
    body, key = wanted(period, resident.patient), {"idempotency-key": "k"}
    answers = together(*(app.ask("POST", "/fhir/Appointment", body, **key) for _ in range(4)))
    assert {answer.status for answer in answers} == {201}
    assert Appointment.objects.count() == 1


def test_without_a_key_nothing_is_booked(app, resident, period):
    for key in ({}, {"idempotency-key": "x" * 81}, {"idempotency-key": "é"}):
        answer = app.post("/fhir/Appointment", wanted(period, resident.patient), **key)
        assert (answer.status, answer.issue["expression"]) == (422, ["Idempotency-Key"])
    assert not Appointment.objects.exists()


def test_the_refusals_are_those_of_the_pages(app, resident, period):
    same_day = PeriodFactory(session=period.session, starts_at=period.ends_at)
    assert book(app, wanted(period, resident.patient)).status == 201
    answer = book(app, wanted(same_day, resident.patient), key="two")
    assert (answer.status, answer.issue["code"]) == (409, "conflict")
    assert answer.issue["diagnostics"] == "Already booked in this department that day."

    full = PeriodFactory(public=0, walk_in=1)
    answer = book(app, wanted(full, resident.patient), key="three")
    assert (answer.status, answer.issue["code"]) == (409, "conflict")
    assert AuditRow.objects.filter(action="fhir.create", refused="conflict").count() == 2


@pytest.mark.parametrize(
    ("change", "status", "path"),
    [
        ({"status": "proposed"}, 422, "Appointment.status"),
        ({"participant": [{"actor": {"display": "谁"}, "status": "accepted"}]}, 422, "participant"),
        ({"start": "2020-01-01T08:00:00+08:00"}, 422, "Appointment.start"),
    ],
)
def test_what_is_no_booking_is_refused_in_words(app, resident, period, change, status, path):
    answer = book(app, wanted(period, resident.patient, **change))
    assert answer.status == status
    assert path in answer.issue["expression"][0]
    assert not Appointment.objects.exists()


def test_somebody_else_is_not_there_to_be_booked_for(app, period):
    hidden, absent = PatientFactory(), PatientFactory.build(fhir_id="no-such-person")
    said = [book(app, wanted(period, who), key=who.fhir_id) for who in (hidden, absent)]
    assert {answer.status for answer in said} == {404}
    assert said[0].body == said[1].body
    assert places_of(period) == {"public": (0, 2)}


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"resident"}))
def test_whoever_works_elsewhere_books_for_nobody_they_do_not_treat(period, role):
    person, staff = PatientFactory(), StaffFactory(role=role)
    answer = book(Client(token_for(staff)), wanted(period, person))
    assert answer.status in (403, 404), answer.body
    assert places_of(period) == {"public": (0, 2)}


@pytest.fixture
def system(period):
    """The own system of the hospital of that period, which keeps its session."""
    client = Client(application_token(organisation=period.organisation))
    period.session.application = Application.objects.get()
    period.session.identifier = "urn:his|m-1"
    period.session.save()
    return client


def booked_by(system, resident, period):
    answer = book(system, wanted(period, resident.patient))
    assert answer.status == 201, answer.body
    return answer.json


def test_a_hospitals_own_system_books_as_its_desk(system, resident, period):
    answer = book(system, wanted(period, resident.patient))
    assert answer.status == 201, answer.body
    kept = Appointment.objects.get()
    assert (kept.status, kept.channel) == ("booked", "app")
    assert kept.booked_by == Application.objects.get().account
    assert places_of(period) == {"public": (1, 2)}
    row = AuditRow.objects.get(action="appointment.book")
    assert row.actor_id == Application.objects.get().actor_id
    assert book(system, wanted(period, resident.patient)).json == answer.json


def test_a_foreign_system_or_one_without_the_scope_books_nothing(resident, period):
    here = application_token("system/Appointment.rs", organisation=period.organisation)
    for token, said in ((application_token(), "for this person"), (here, "scopes")):
        answer = book(Client(token), wanted(period, resident.patient))
        assert (answer.status, said in answer.issue["diagnostics"]) == (403, True), answer.body
    assert places_of(period) == {"public": (0, 2)}


def test_a_system_says_what_became_of_a_visit(system, resident, period):
    made = booked_by(system, resident, period)
    path = f"/fhir/Appointment/{made['id']}"
    early = system.put(path, {**made, "status": "arrived"})
    assert (early.status, early.issue["code"]) == (409, "conflict")
    with time_machine.travel(period.starts_at, tick=True):
        late = application_token(organisation=period.organisation)
        other = Client(late)
        assert other.put(path, {**made, "status": "arrived"}).status == 403
    mine = Appointment.objects.get()
    app = Application.objects.get(pk=period.session.application_id)
    for status, there in (("arrived", "arrived"), ("fulfilled", "fulfilled")):
        with time_machine.travel(period.starts_at, tick=True), intention(app, door="fhir"):
            receiving.receive(app, made["id"], {**made, "status": status})
            receiving.receive(app, made["id"], {**made, "status": status})
        mine.refresh_from_db()
        assert mine.status == there
    assert AuditRow.objects.filter(action="appointment.fulfil").count() == 1


def test_a_system_says_that_somebody_did_not_come_and_corrects_it(system, resident, period):
    made = booked_by(system, resident, period)
    answer = system.put(f"/fhir/Appointment/{made['id']}", {**made, "status": "noshow"})
    assert (answer.status, answer.issue["code"]) == (409, "conflict")
    app, mine = Application.objects.get(), Appointment.objects.get()
    for status in ("noshow", "fulfilled"):
        with time_machine.travel(period.ends_at, tick=True), intention(app, door="fhir"):
            receiving.receive(app, made["id"], {**made, "status": status})
        mine.refresh_from_db()
        assert mine.status == status


def test_a_system_says_late_that_who_came_was_seen(system, resident, period):
    made = booked_by(system, resident, period)
    app, mine = Application.objects.get(), Appointment.objects.get()
    with time_machine.travel(period.starts_at, tick=True), intention(app, door="fhir"):
        receiving.receive(app, made["id"], {**made, "status": "arrived"})
    with time_machine.travel(period.session.ends_at + timedelta(hours=1), tick=True):
        with intention(app, door="fhir"):
            services.miss(session_id=period.session_id)
        mine.refresh_from_db()
        assert mine.status == "cancelled"
        with intention(app, door="fhir"):
            receiving.receive(app, made["id"], {**made, "status": "fulfilled"})
    mine.refresh_from_db()
    assert mine.status == "fulfilled"


def test_a_system_cancels_with_a_reason_in_its_own_sessions_alone(system, resident, period):
    made = booked_by(system, resident, period)
    path, gone = f"/fhir/Appointment/{made['id']}", {**made, "status": "cancelled"}
    assert system.put(path, gone).status == 422
    gone["cancelationReason"] = {"text": "医生外出开会"}
    neighbour = Client(application_token(organisation=period.organisation))
    assert neighbour.put(path, gone).status == 403
    assert Client(application_token()).put(path, gone).status == 404
    answer = system.put(path, gone)
    assert (answer.status, answer.json["status"]) == (200, "cancelled"), answer.body
    assert system.put(path, gone).status == 200
    assert Appointment.objects.get().ended_because == "医生外出开会"
    said = Client(token_for(resident)).get(path).json
    assert said["cancelationReason"] == {"text": "医生外出开会"}


def test_who_cancels_for_themselves_gives_no_reason(app, resident, period):
    made = book(app, wanted(period, resident.patient)).json
    answer = app.put(f"/fhir/Appointment/{made['id']}", {**made, "status": "cancelled"})
    assert answer.json["status"] == "cancelled"
    assert "cancelationReason" not in answer.json


def test_what_names_no_slot_of_ours_is_stored_as_received():
    system = Client(application_token())
    person = system.post("/fhir/Patient", {"resourceType": "Patient", "name": [{"text": "王"}]})
    foreign = {
        "resourceType": "Appointment",
        "status": "booked",
        "participant": [
            {"actor": {"reference": f"Patient/{person.json['id']}"}, "status": "accepted"}
        ],
    }
    assert system.post("/fhir/Appointment", foreign).status == 201
    assert not Appointment.objects.exists()


def test_only_a_post_of_its_own_books(resident, period):
    system = Client(application_token())
    body = wanted(period, resident.patient)
    for method, place in (("POST", "Appointment"), ("PUT", "Appointment/mine")):
        entry = {"request": {"method": method, "url": place}, "resource": {**body, "id": "mine"}}
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
        answer = system.post("/fhir", bundle)
        assert (answer.status, answer.issue["code"]) == (400, "not-supported"), answer.body
        assert "Idempotency-Key" in answer.issue["diagnostics"]
    answer = system.put("/fhir/Appointment/mine", {**body, "id": "mine"})
    assert (answer.status, answer.issue["code"]) == (400, "not-supported")
    broken = {**body, "id": "mine", "slot": "Slot"}
    assert system.put("/fhir/Appointment/mine", broken).status == 400


def test_a_batch_books_what_it_may(app, resident, period):
    entry = {
        "request": {"method": "POST", "url": "Appointment"},
        "resource": wanted(period, resident.patient),
    }
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [entry]}
    answer = app.post("/fhir", bundle, **{"idempotency-key": "b"})
    assert answer.json["entry"][0]["response"]["status"] == "201", answer.body
    assert Appointment.objects.count() == 1


def test_put_cancels_and_nothing_else(app, resident, period):
    made = book(app, wanted(period, resident.patient)).json
    path = f"/fhir/Appointment/{made['id']}"
    answer = app.put(path, {**made, "status": "fulfilled"})
    assert (answer.status, answer.issue["expression"]) == (422, ["Appointment.status"])
    answer = app.put(path, {**made, "status": "cancelled"}, **{"if-match": 'W/"7"'})
    assert answer.status == 412
    answer = app.put(path, {**made, "status": "cancelled"}, **{"if-match": 'W/"1"'})
    assert (answer.status, answer.json["status"]) == (200, "cancelled")
    assert Appointment.objects.get().status == Status.CANCELLED


def test_the_desk_books_and_cancels_with_a_reason(period):
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    desk, person = Client(token_for(clerk)), PatientFactory()
    made = book(desk, wanted(period, person))
    assert made.status == 201, made.body
    path, gone = f"/fhir/Appointment/{made.json['id']}", {**made.json, "status": "cancelled"}
    assert desk.put(path, gone).status in (404, 422)
    assert Appointment.objects.get().status == Status.BOOKED


def test_nobody_cancels_what_is_somebody_elses(app, resident, period):
    made = book(app, wanted(period, resident.patient)).json
    other = Client(token_for(PatientFactory(user=UserFactory()).user))
    gone = {**made, "status": "cancelled"}
    assert other.put(f"/fhir/Appointment/{made['id']}", gone).status == 404
    assert Appointment.objects.get().status == Status.BOOKED


def asked(period, **more):
    start = (period.starts_at - timedelta(hours=1)).isoformat()
    end = (period.starts_at + timedelta(days=1)).isoformat()
    return urlencode({"start": start, "end": end, **more})


def parameters(**given):
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": name.replace("_", "-"), **value} for name, value in given.items()],
    }


def test_find_hold_and_book(app, resident, period):
    doctor = period.clinician.practitioner
    PeriodFactory(public=0, referral=1, session=period.session, starts_at=period.ends_at)
    for query in ("", f"Practitioner/{doctor.pk}"):
        more = {"practitioner": query} if query else {}
        answer = app.get(f"/fhir/Appointment/$find?{asked(period, **more)}")
        assert answer.status == 200, answer.body
        [proposed] = answer.resources
    assert proposed["status"] == "proposed"
    assert not check(proposed)[0]
    patient = {"actor": {"reference": f"Patient/{resident.patient.fhir_id}"}, "status": "accepted"}
    proposed["participant"].append(patient)

    held = app.post("/fhir/Appointment/$hold", parameters(appt_resource={"resource": proposed}))
    assert held.status == 200, held.body
    assert not check(json.loads(held.body, parse_float=Decimal))[0]
    given = {one["name"]: one for one in held.json["parameter"]}
    mine = Appointment.objects.get()
    assert given["hold"]["valueId"] == str(mine.pk)
    assert datetime.fromisoformat(given["until"]["valueInstant"]) == mine.held_until
    assert (mine.status, places_of(period)) == ("held", {"public": (1, 2)})

    for _twice in range(2):
        booked = app.post("/fhir/Appointment/$book", parameters(hold={"valueId": str(mine.pk)}))
        assert (booked.status, booked.json["status"]) == (200, "booked"), booked.body
    assert not check(json.loads(booked.body, parse_float=Decimal))[0]
    mine.refresh_from_db()
    assert (mine.status, mine.channel, mine.ticket) == ("booked", "app", 1)


def test_what_find_is_not_asked_rightly_is_said(app, period):
    for query, path in (
        ("start=2026-01-01T08:00:00Z", "end"),
        ("start=morning&end=evening", "start"),
        (asked(period, practitioner="nobody"), "practitioner"),
        (asked(period, colour="red"), "colour"),
        ("start=2026-01-01T08:00:00Z&end=2027-01-01T08:00:00Z", "end"),
    ):
        answer = app.get(f"/fhir/Appointment/$find?{query}")
        assert (answer.status, answer.issue["expression"]) == (422, [path]), answer.body


def test_hold_and_book_refuse_in_words_and_keep_nothing(app, period):
    empty = app.post("/fhir/Appointment/$hold", {"resourceType": "Parameters"})
    assert (empty.status, "appt-resource" in empty.issue["diagnostics"]) == (422, True)
    unknown = app.post("/fhir/Appointment/$book", parameters(hold={"valueId": "nothing"}))
    assert unknown.status == 422
    gone = app.post("/fhir/Appointment/$book", parameters(hold={"valueId": str(period.pk)}))
    assert gone.status == 404
    assert app.get("/fhir/Appointment/$book").status in (404, 405)
    system = Client(application_token())
    assert not system.get(f"/fhir/Appointment/$find?{asked(period)}").resources
    assert not Appointment.objects.exists()


def test_the_capability_statement_names_them(app):
    statement = app.get("/fhir/metadata").json
    [mine] = [r for r in statement["rest"][0]["resource"] if r["type"] == "Appointment"]
    assert [one["name"] for one in mine["operation"]] == ["book", "find", "hold"]
    assert "Idempotency-Key" in mine["documentation"]
    assert not check(statement)[0]
