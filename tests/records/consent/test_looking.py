"""The auditor's search: by patient, person, period and kind; each search leaves its own trace."""

import csv
import io
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.consent import looking
from records.mpi.services import register_patient
from telemed.audit import services as audit
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from telemed.people.models import Role
from tests.factories.people import ClinicFactory, OrganisationFactory, PatientFactory, StaffFactory
from tests.records.consent.breakglass.test_pages import FIRST17, NUMBER

pytestmark = pytest.mark.django_db
LOOKS, TABLE = "/who-opened/", "/who-opened/table.csv"
START = datetime(2026, 11, 27, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def hospital():
    return OrganisationFactory()


@pytest.fixture
def doctor(hospital):
    return StaffFactory(role=Role.SPECIALIST, organisation=hospital, name="罗晓岚")


@pytest.fixture
def auditor(client, hospital):
    auditor = StaffFactory(role=Role.AUDITOR, organisation=hospital, language="en")
    client.force_login(auditor)
    return auditor


def note(actor, **facts):
    with intention(actor, door="test"):
        audit.record(
            **{"action": "record.read", "target": "Patient/1", "reason": "open_case", **facts}
        )


def actions(answer):
    assert answer.status_code == 200
    return [line.row.action for line in answer.context["found"].lines]


def test_it_says_who_opened_whose_record_and_why(client, auditor, doctor):
    patient = PatientFactory(name="何秀英")
    note(doctor, patient_id=patient.pk)
    note(StaffFactory(role=Role.SPECIALIST), patient_id=patient.pk, action="study.read")
    note(doctor, patient_id=patient.pk, action="record.refused", refused="forbidden")
    note(doctor, action="inbox.read")

    answer = client.get(LOOKS)

    assert actions(answer) == ["record.read"]  # of this institution, about somebody, not refused
    page = answer.content.decode()
    assert "罗晓岚" in page
    assert "何**" in page
    assert "何秀英" not in page
    assert "an open case" in page


def test_by_kind_period_and_name(client, auditor, doctor, clock):
    other = StaffFactory(role=Role.SPECIALIST, organisation=doctor.organisation, name="陈志远")
    note(doctor, patient_id=uuid4(), action="chart.read", reason="break_glass")
    note(other, patient_id=uuid4(), action="person.look", reason="")
    note(other, action="settlement.export", reason="")
    clock.shift(timedelta(days=8))
    note(doctor, patient_id=uuid4())

    def found(**asked):
        return actions(client.get(LOOKS, asked))

    whole = {"first": "2026-11-27", "last": "2026-12-05"}
    assert found() == ["record.read"]
    assert found(**whole) == ["record.read", "person.look", "chart.read"]
    assert found(**whole, kind="emergency") == ["chart.read"]
    assert found(**whole, kind="unrelated") == ["person.look", "chart.read"]
    assert found(**whole, kind="export") == ["settlement.export"]
    assert found(**whole, who="志远") == ["person.look"]
    assert found(**whole, who="nobody") == []
    assert found(first="2026-11-27", last="2026-11-27") == ["person.look", "chart.read"]


def test_by_one_person_whose_number_stands_in_no_address(client, auditor, doctor, by):
    with by(doctor):
        patient = register_patient(
            actor=doctor, organisation=ClinicFactory(), name="何秀英", id_card=NUMBER
        )
    note(doctor, patient_id=patient.pk, action="study.read")
    note(doctor, patient_id=uuid4())

    answer = client.post(LOOKS, {"number": NUMBER, "who": "晓岚"}, follow=True)

    [(address, _status)] = answer.redirect_chain
    assert NUMBER not in address
    assert f"patient={patient.pk}" in address
    assert "study.read" in actions(answer)
    assert "record.read" not in actions(answer)
    assert "Everybody's records" in answer.content.decode()
    for action in ("looks.person", "looks.search"):  # which the person reads among who looked
        row = AuditRow.objects.get(action=action)
        assert (row.patient_id, row.actor_id) == (str(patient.pk), auditor.actor_id)


@pytest.mark.parametrize(
    ("number", "said"),
    [("", "Please enter"), ("12", "18"), (NUMBER[:-1] + "?", ""), (FIRST17 + "0", "")],
)
def test_a_number_that_finds_nobody_says_why(client, auditor, number, said):
    page = client.post(LOOKS, {"number": number}, follow=True)
    assert page.status_code == 200
    assert 'id="number_error"' in page.content.decode()
    assert said in page.content.decode()


def test_pages_of_fifty_without_gaps_and_at_the_same_cost(client, auditor, doctor):
    def cost(address):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        return len(asked), answer

    note(doctor, patient_id=PatientFactory().pk)
    one, _answer = cost(LOOKS)
    patients = PatientFactory.create_batch(5)
    for n in range(119):
        note(doctor, patient_id=patients[n % 5].pk)
    seen, address = [], LOOKS
    for expected in (50, 50, 20):
        n, answer = cost(address)
        assert n == one
        lines = [line.row.id for line in answer.context["found"].lines]
        assert len(lines) == expected
        seen += lines
        address = f"{LOOKS}?before={answer.context['found'].older.replace('+', '%2B')}"
    assert len(set(seen)) == 120


def test_the_table_has_the_same_lines_and_its_own_trace(client, auditor, doctor):
    patient = PatientFactory(name="何秀英")
    note(doctor, patient_id=patient.pk)
    answer = client.get(TABLE, {"who": "晓岚"})
    heading, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading[1] == "Who"
    assert line[1] == "罗晓岚"
    assert line[5].startswith("何**")
    assert "何秀英" not in answer.content.decode()
    assert AuditRow.objects.filter(action="looks.export", actor_id=auditor.actor_id).exists()
    assert actions(client.get(LOOKS, {"kind": "export"})) == ["looks.export"]


def test_a_table_without_end_is_refused(client, auditor, doctor, monkeypatch):
    monkeypatch.setattr(looking, "MOST", 2)
    for _n in range(3):
        note(doctor, patient_id=uuid4())
    answer = client.get(TABLE)
    assert answer.status_code == 422
    assert not AuditRow.objects.filter(action="looks.export", refused="").exists()


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "yesterday"},
        {"first": "2026-11-27", "last": "2026-11-26"},
        {"first": "2026-01-01", "last": "2026-11-27"},
        {"kind": "curious"},
        {"patient": "x"},
        {"who": "\x00"},
        {"before": "x"},
        {"before": "2026-11-27~1"},
        {"who": "长" * 61},
    ],
)
def test_what_no_form_sends_is_refused_in_words(client, auditor, asked):
    for address in (LOOKS, TABLE):
        answer = client.get(address, asked)
        assert answer.status_code in (400, 404, 422), (address, asked)


def test_a_person_whom_nobody_knows_is_not_there(client, auditor):
    assert client.get(LOOKS, {"patient": uuid4()}).status_code == 404
