"""The doors of a draft that several write."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consult.opinions import services
from consult.opinions.models import CoWriter, Draft, Opinion, SectionLease
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from tests.consult.requests.test_handing import colleague_of
from tests.factories.consult import PIN, TEXTS, accepted_case, write

JSON = {"accept": "application/json"}
pytestmark = pytest.mark.django_db


def at(name, scene, *more):
    return reverse(f"opinions:{name}", args=[scene.case.pk, *more])


@pytest.fixture
def two():
    scene = accepted_case()
    other = colleague_of(scene)
    with intention(scene.specialist, door="test"):
        services.ask_co_writer(actor=scene.specialist, case_id=scene.case.pk, user_id=other.pk)
    return scene, other


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def post(client, name, scene, **fields):
    return client.post(at(name, scene), fields, headers=JSON)


def test_the_holder_asks_and_takes_back_on_one_page(client):
    scene = accepted_case()
    other = colleague_of(scene)
    client.force_login(scene.specialist)
    assert other.name in client.get(at("writers", scene)).content.decode()

    asked = client.post(at("writers", scene), {"user_id": other.pk})
    assert asked.url == at("writers", scene)
    assert CoWriter.objects.get().writer == other
    assert at("drop_writer", scene, other.pk) in client.get(asked.url).content.decode()

    client.post(at("drop_writer", scene, other.pk))
    assert CoWriter.objects.get().ended_at is not None


@pytest.mark.parametrize("user_id", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_nobody_in_particular_is_asked_nobody(client, user_id):
    scene = accepted_case()
    client.force_login(scene.specialist)
    answer = post(client, "writers", scene, user_id=user_id)
    assert answer.status_code == 422
    assert answer.json()["text"]
    assert not CoWriter.objects.exists()


def test_a_co_writer_finds_case_and_draft_and_nothing_to_sign_with(client, two):
    scene, other = two
    write(scene)
    client.force_login(other)
    assert str(scene.case.pk) in client.get("/").content.decode()
    for url in (f"/cases/{scene.case.pk}/", at("draft", scene)):
        page = client.get(url).content.decode()
        assert TEXTS["conclusion"] in page
        assert "data-sign-button" not in page
        assert f'href="{at("writers", scene)}"' not in page
    assert AuditRow.objects.filter(action="case.read", actor_id=f"user:{other.pk}").count() == 2
    assert client.get(at("writers", scene), headers=JSON).status_code == 404


def test_a_co_writer_gives_it_up(client, two):
    scene, other = two
    client.force_login(other)
    assert client.post(at("drop_writer", scene, other.pk)).url == "/"
    assert client.get(at("draft", scene), headers=JSON).status_code == 404


def test_the_other_reads_who_writes_and_what(client, two):
    scene, other = two
    client.force_login(scene.specialist)
    assert post(client, "take_section", scene, section="findings").status_code == 204
    saved = post(client, "save_section", scene, section="findings", version=0, text="一\r\n二")
    assert (saved.json()["version"], saved.json()["section"]) == (1, 1)

    client.force_login(other)
    now = client.get(at("text", scene)).json()
    findings = now["sections"]["findings"]
    assert (findings["text"], findings["version"], findings["lapsed"]) == ("一\n二", 1, False)
    assert findings["says"] == f"{scene.specialist.name}正在此处撰写"
    assert 0 < findings["left"] <= SectionLease.LEASE.total_seconds()
    assert (now["version"], now["together"]) == (1, True)
    assert now["sections"]["conclusion"]["says"] == ""

    refused = post(client, "take_section", scene, section="findings")
    assert (refused.status_code, refused.json()["path"]) == (409, "findings")
    assert scene.specialist.name in refused.json()["text"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"section": "reason", "version": 0, "text": "x"}, 422),
        ({"section": "findings", "text": "x"}, 400),
        ({"section": "findings", "version": -1, "text": "x"}, 400),
        ({"section": "conclusion", "version": 0, "text": "x" * 2001}, 422),
        ({"section": "findings", "version": 0, "text": "a\x00b"}, 422),
        ({"section": "findings", "version": 7, "text": "x"}, 409),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(client, fields, status):
    scene = accepted_case()
    client.force_login(scene.specialist)
    answer = post(client, "save_section", scene, **fields)
    assert answer.status_code == status
    assert answer.json()["text"]
    assert not Draft.objects.exists()


def test_signing_says_who_writes_and_goes_on_knowingly_after_that(client, two):
    scene, other = two
    write(scene)
    client.force_login(other)
    post(client, "take_section", scene, section="findings")
    client.force_login(scene.specialist)

    held = post(client, "sign", scene, pin=PIN, version=1)
    assert (held.status_code, held.json()["path"]) == (409, "held")
    assert other.name in held.json()["text"]
    SectionLease.objects.update(until=timezone.now())
    left = post(client, "sign", scene, pin=PIN, version=1)
    assert (left.status_code, left.json()["path"]) == (409, "unfinished")
    assert post(client, "sign", scene, pin=PIN, version=1, unfinished="on").status_code == 200
    assert Opinion.objects.count() == 1


@pytest.mark.parametrize("who", ["asker", "coordinator", "resident"])
def test_nobody_outside_sees_any_of_it(client, two, who):
    scene, other = two
    write(scene)
    with intention(other, door="test"):
        services.take_section(actor=other, case_id=scene.case.pk, section="findings")
    client.force_login(getattr(scene, who))
    assert client.get(at("text", scene), headers=JSON).status_code == 404
    url = f"/my/cases/{scene.case.pk}/" if who == "resident" else f"/cases/{scene.case.pk}/"
    page = client.get(url).content.decode()
    if who != "coordinator":  # who may hand the case to any colleague, and so reads their names
        assert other.name not in page
    assert TEXTS["conclusion"] not in page
