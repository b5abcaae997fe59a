from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.opinions.services import read_opinion
from consult.requests import services as requests
from consult.residents import queries
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from tests.factories.consult import (
    TEXTS,
    CaseFactory,
    accepted_case,
    closed_case,
    drafted_case,
    sent_case,
    signed_case,
    write,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

HOME, CASES, LOOKED = "/", "/my/cases/", "/my/who-looked/"


def text(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_home_shows_the_newest_consult_and_the_doors(client):
    scene = accepted_case()
    client.force_login(scene.resident)
    page = text(client, HOME)
    assert scene.specialist.name in page
    assert reverse("residents:case", args=[scene.case.pk]) in page
    assert LOOKED in page
    assert f"tel:{scene.clinic.phone}" in page


def test_home_of_an_account_without_a_record_says_what_to_do(client):
    client.force_login(UserFactory())
    assert "身份证" in text(client, HOME)
    for page in (CASES, LOOKED):
        assert client.get(page).status_code == 200
    assert "身份证" in text(client, LOOKED)


def test_a_request_that_was_never_sent_does_not_exist_for_the_patient(client):
    scene = drafted_case()
    client.force_login(scene.resident)
    assert client.get(f"{CASES}{scene.case.pk}/").status_code == 404
    with intention(scene.asker, door="test"):
        requests.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="不需要会诊了")
    assert client.get(f"{CASES}{scene.case.pk}/").status_code == 404


def test_a_draft_is_not_on_the_patients_page_and_the_signed_opinion_is(client):
    scene = accepted_case()
    write(scene)
    client.force_login(scene.resident)
    assert TEXTS["conclusion"] not in text(client, f"{CASES}{scene.case.pk}/")

    signed = signed_case()
    client.force_login(signed.resident)
    page = text(client, f"{CASES}{signed.case.pk}/")
    assert TEXTS["conclusion"] in page
    assert reverse("opinions:paper", args=[signed.case.pk, 1]) in page


def test_the_patient_reads_what_their_doctor_decided(client):
    scene = closed_case()
    client.force_login(scene.resident)
    page = text(client, f"{CASES}{scene.case.pk}/")
    assert scene.asker.name in page
    assert "tel:" in page


def test_nobody_else_opens_the_patients_page(client):
    scene = signed_case()
    for actor in (scene.asker, scene.specialist, scene.coordinator, UserFactory()):
        client.force_login(actor)
        assert client.get(f"{CASES}{scene.case.pk}/").status_code == 404


def test_the_patient_sees_who_read_what_and_why(client):
    scene = signed_case()
    with intention(scene.specialist, door="test"):
        read_opinion(actor=scene.specialist, case_id=scene.case.pk, version=1)
    client.force_login(scene.resident)
    page = text(client, LOOKED)
    for said in (scene.specialist.name, scene.hospital.name, scene.asker.name, scene.case.number):
        assert said in page
    assert "system:" not in page


def row_of(scene, **fields):
    defaults = {
        "actor_id": scene.specialist.actor_id,
        "trace_id": scene.case.pk,
        "door": "web",
        "action": "never.named",
        "target": f"Thing/{fields.get('at')}",
        "patient_id": str(scene.patient.pk),
        "hash": "",
    }
    return AuditRow.objects.create(**{**defaults, **fields})


def test_the_trace_is_paged_by_time_and_number_and_asks_few_questions(
    client, django_assert_max_num_queries
):
    scene = sent_case()
    now = timezone.now() + timedelta(minutes=1)
    for n in range(70):
        row_of(scene, at=now + timedelta(seconds=n // 2), target=f"Thing/{n}")
    seen, cursor, pages = [], "", 0
    while True:
        with django_assert_max_num_queries(4):
            looks, cursor = queries.who_looked(scene.patient, cursor)
        seen += [look.at for look in looks]
        pages += 1
        if not cursor:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) >= 70
    assert pages >= 3


def test_what_one_person_did_again_and_again_is_one_line(client):
    scene = accepted_case()
    for n in range(5):
        write(scene, findings=f"第 {n} 次保存")
    looks, _cursor = queries.who_looked(scene.patient)
    assert looks[0].times == 5


def test_unknown_actions_systems_and_oneself(client):
    scene = sent_case()
    later = timezone.now() + timedelta(minutes=1)
    row_of(scene, at=later)
    row_of(scene, at=later, actor_id="system:clocks", action="case.escalate")
    row_of(scene, at=later, actor_id=scene.resident.actor_id, action="case.read")
    row_of(scene, at=later, actor_id="application:not-a-uuid", organisation_id="x")
    looks, _cursor = queries.who_looked(scene.patient)
    newest = [look for look in looks if look.at == later]
    assert len(newest) == 2
    assert {look.because for look in newest} == {""}


@pytest.mark.parametrize(
    "before", ["x", "2026-01-01_", "2026-01-01T00:00:00_5", "2026-01-01T00:00:00+08:00_-1", "_"]
)
def test_a_broken_cursor_is_refused(client, before):
    scene = sent_case()
    client.force_login(scene.resident)
    assert client.get(LOOKED, {"before": before}).status_code == 400
    assert client.get(CASES, {"before": before}).status_code == 400


def test_the_list_of_consults_costs_the_same_for_any_number(client, django_assert_num_queries):
    scene = sent_case()
    client.force_login(scene.resident)
    text(client, CASES)  # the first request of a session writes it down
    with CaptureQueriesContext(connection) as one:
        text(client, CASES)
    for _ in range(4):
        CaseFactory(patient=scene.patient, status="routed")
    with django_assert_num_queries(len(one)):
        text(client, CASES)
    assert len([q for q in one if "SAVEPOINT" not in q["sql"]]) <= 10
