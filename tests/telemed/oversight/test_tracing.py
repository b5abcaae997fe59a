"""The audit administrator's first page: what was refused, emergency openings, the chain."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from telemed.audit import sealing
from telemed.audit import services as audit
from telemed.audit.models import AuditRow, Seal
from telemed.core.intentions import System, intention
from telemed.people.models import Role
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.marks import committed

pytestmark = pytest.mark.django_db
TRACE = "/oversight/trace/"


@pytest.fixture
def hospital():
    return OrganisationFactory()


@pytest.fixture
def auditor(hospital):
    return StaffFactory(role=Role.AUDITOR, organisation=hospital)


@pytest.fixture
def doctor(hospital):
    return StaffFactory(role=Role.SPECIALIST, organisation=hospital, name="罗晓岚")


@pytest.fixture
def look(client, auditor):
    def page(address="/", actor=auditor):
        client.force_login(actor)
        client.cookies["language"] = "en"
        return client.get(address).content.decode()

    return page


def note(actor, **facts):
    with intention(actor, door="test"):
        audit.record(**{"action": "case.accept", "target": "Case/1", **facts})


def test_the_home_of_the_auditor_names_what_was_refused_here(look, doctor):
    note(doctor, refused="forbidden", patient_id="p1")
    note(doctor, action="chart.read", reason="treated_here")

    page = look("/")

    assert "1 attempt was refused in 7 days" in page
    assert "no emergency access" in page
    assert "罗晓岚" in page
    assert "not theirs to do" in page
    assert "about a patient" in page
    assert "chart.read" not in page


def test_emergency_accesses_are_counted_and_shown_apart(look, doctor):
    note(doctor, action="chart.read", reason="break_glass")

    assert "1 emergency access" in look("/")
    page = look(f"{TRACE}?show=emergency")
    assert "chart.read" in page
    assert "Nothing was refused" in page


def test_another_institutions_trace_is_not_shown(look):
    note(StaffFactory(role=Role.SPECIALIST, name="别院"), refused="forbidden")

    assert "别院" not in look(f"{TRACE}?show=all")


def test_what_is_older_than_the_period_needs_the_longer_one(look, doctor):
    note(doctor, refused="conflict")
    with intention(doctor, door="test"):
        row = AuditRow(
            at=timezone.now() - timedelta(days=20),
            actor_id=doctor.actor_id,
            organisation_id=str(doctor.organisation_id),
            role=doctor.role,
            trace_id="0" * 32,
            door="web",
            action="room.join",
            target="Room/1",
            refused="forbidden",
        )
        row.hash = row.digest()
        row.save(force_insert=True)

    assert "room.join" not in look(TRACE)
    assert "room.join" in look(f"{TRACE}?days=31")


def test_one_is_found_by_name(look, doctor, hospital):
    other = StaffFactory(role=Role.COORDINATOR, organisation=hospital, name="王琴")
    for actor in (doctor, other):
        note(actor, refused="forbidden")

    page = look(f"{TRACE}?q=王")

    assert "王琴" in page
    assert "罗晓岚" not in page


def test_pages_go_on_where_the_one_before_ended(look, doctor):
    for number in range(31):
        note(doctor, refused="conflict", action=f"case.step{number:02d}")

    page = look(TRACE)
    assert "case.step01" in page
    assert "case.step00" not in page
    (older,) = [part.split('"')[0] for part in page.split('rel="next" href="')[1:]]
    assert "case.step00" in look(TRACE + older.replace("&amp;", "&"))


@pytest.mark.parametrize("query", ["days=365", "before=yesterday", "before=2026-11-01", "show=x"])
def test_a_filter_that_no_link_has_is_refused_in_words(client, auditor, query):
    client.force_login(auditor)

    answer = client.get(f"{TRACE}?{query}")

    assert answer.status_code == 422


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MEDICAL_OFFICE, Role.SPECIALIST])
def test_nobody_else_reads_the_trace(client, hospital, role):
    client.force_login(StaffFactory(role=role, organisation=hospital))

    assert client.get(reverse("oversight:trace")).status_code == 403


def test_looking_is_traced(look, auditor):
    look(TRACE)

    assert AuditRow.objects.filter(action="audit.read", actor_id=auditor.actor_id).exists()


def seal():
    with intention(System("sealer"), door="test"):
        return sealing.seal()


def forge(**facts):
    """What nobody can do to a sealed row from the application: a seal that fits other rows."""
    before = Seal.objects.order_by("until").last()
    since = before.until if before else 0
    return Seal.objects.create(since=since, until=since + 1, rows=0, **facts)


def test_a_seal_that_does_not_fit_its_rows_is_loud(look):
    forge(hash="0" * 64)

    page = look(TRACE)

    assert 'role="alert"' in page
    assert "The chain is broken" in page


def test_a_sealer_that_has_stopped_is_said(look, monkeypatch):
    monkeypatch.setattr(sealing, "holds", lambda link, before: True)
    forge(hash="0" * 64)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert "No seal for over a minute" in look(TRACE)


def exported(client, auditor, query=""):
    client.force_login(auditor)
    client.cookies["language"] = "en"
    answer = client.get(f"{reverse('oversight:trace_export')}{query}")
    if answer.status_code != 200:
        return answer.status_code, answer.content.decode()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        return folder.read("trace.csv"), json.loads(folder.read("seal.json"))


@committed
def test_an_export_stands_under_the_seal_and_is_traced_with_its_digest(client, auditor, doctor):
    note(doctor, refused="forbidden", target="Case/1")
    note(doctor, action="chart.read", reason="treated_here", patient_id="p1")
    newest = seal()
    note(doctor, refused="conflict", action="case.unsealed")

    table, paper = exported(client, auditor)

    lines = table.decode("utf-8-sig").splitlines()
    digest = hashlib.sha256(table).hexdigest()
    assert [("case.accept" in line, newest.hash in line) for line in lines[1:]] == [(True, True)]
    assert "罗晓岚" in lines[1]
    assert (paper["sha256"], paper["lines"], paper["show"]) == (digest, 1, "refused")
    assert paper["newest_seal"]["hash"] == newest.hash
    assert AuditRow.objects.filter(action="audit.export", target=f"Export/{digest}").exists()
    assert len(exported(client, auditor, "?show=all")[0].splitlines()) == 3


@committed
def test_a_changed_row_is_not_handed_over_as_sealed(client, auditor, doctor, monkeypatch):
    note(doctor, refused="forbidden")
    seal()
    monkeypatch.setattr(AuditRow, "digest", lambda row: "0" * 64)
    monkeypatch.setattr(sealing, "holds", lambda link, before: True)

    status, said = exported(client, auditor)

    assert status == 409
    assert "The chain is broken" in said


@committed
def test_nothing_sealed_and_nothing_found_are_said(client, auditor, doctor):
    assert exported(client, auditor)[0] == 409
    note(doctor)
    seal()
    status, said = exported(client, auditor, "?show=emergency")
    assert status == 409
    assert "nothing of that kind" in said


def test_without_a_seal_the_first_is_promised(look):
    assert "Nothing is sealed yet" in look(TRACE)


def test_the_page_asks_the_database_few_times(
    client, auditor, doctor, django_assert_max_num_queries
):
    for _n in range(5):
        note(doctor, refused="conflict")
    forge(hash="0" * 64)
    client.force_login(auditor)

    with django_assert_max_num_queries(12):
        client.get(TRACE)
