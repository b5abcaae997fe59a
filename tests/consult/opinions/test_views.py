import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from consult.opinions.models import Draft, Opinion
from telemed.audit.models import AuditRow
from telemed.core.models import IdempotencyKey
from telemed.people.models import SigningKey
from tests.factories.consult import (
    PIN,
    TEXTS,
    accepted_case,
    amended_case,
    sent_case,
    signed_case,
    write,
)
from tests.factories.people import StaffFactory
from tests.marks import committed

JSON = {"accept": "application/json"}
pytestmark = pytest.mark.django_db


def at(name, scene, *more):
    return reverse(f"opinions:{name}", args=[scene.case.pk, *more])


@pytest.fixture(autouse=True)
def _nobody_checked_yet():
    cache.clear()


def test_what_is_typed_is_saved_and_answers_the_next_version(client):
    scene = accepted_case()
    client.force_login(scene.specialist)
    answer = client.post(at("draft", scene), {"version": 0, "findings": "一\r\n二"}, headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["saved_at"])
    assert Draft.objects.get().findings == "一\n二"


def test_signing_that_is_refused_claims_no_key(client):
    scene = accepted_case()
    client.force_login(StaffFactory())
    answer = client.post(at("sign", scene), {"pin": PIN, **TEXTS}, headers=JSON)
    assert answer.status_code == 404
    assert not IdempotencyKey.objects.exists()


def test_another_window_is_told_to_look_again(client):
    scene = accepted_case()
    write(scene)
    client.force_login(scene.specialist)
    answer = client.post(at("draft", scene), {"version": 0, "findings": "旧"}, headers=JSON)
    assert (answer.status_code, answer.json()["kind"]) == (409, "stale")
    assert Draft.objects.get().findings == TEXTS["findings"]


def test_a_save_whose_answer_was_lost_is_sent_again_and_is_one_save(client):
    scene = accepted_case()
    client.force_login(scene.specialist)
    typed = {"version": 0, **TEXTS}

    first, again = [client.post(at("draft", scene), typed, headers=JSON) for _ in range(2)]

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["version"] == again.json()["version"] == Draft.objects.get().version == 1
    assert AuditRow.objects.filter(action="opinion.draft").count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"version": "x"}, 400),
        ({"version": "-1"}, 400),
        ({"findings": "a" * 4001}, 422),
        ({"conclusion": "a\x00b"}, 422),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(client, fields, status):
    scene = accepted_case()
    client.force_login(scene.specialist)
    answer = client.post(at("draft", scene), fields, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["text"]
    assert not Draft.objects.exists()


def test_the_draft_is_a_page_that_works_without_script(client):
    scene = accepted_case()
    client.force_login(scene.specialist)
    saved = client.post(at("draft", scene), {"version": 0, **TEXTS})
    assert saved.url == at("draft", scene)
    page = client.get(saved.url).content.decode()
    assert TEXTS["conclusion"] in page
    assert scene.asker.name in page  # who is told
    key = re.search(r'name="key" value="(\w+)"', page)[1]

    signed = client.post(at("sign", scene), {"version": 1, "pin": PIN, "key": key, **TEXTS})

    assert signed.url == f"/cases/{scene.case.pk}/"
    assert Opinion.objects.get().conclusion == TEXTS["conclusion"]


def test_markup_in_an_opinion_is_text(client):
    scene = accepted_case()
    write(scene, conclusion="<script>alert(1)</script>")
    client.force_login(scene.specialist)
    page = client.get(at("draft", scene)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("who", ["asker", "coordinator", "resident", "stranger"])
def test_a_draft_has_no_page_for_anybody_else(client, who, stranger):
    scene = accepted_case()
    write(scene)
    client.force_login(stranger if who == "stranger" else getattr(scene, who))
    page = client.get(at("draft", scene))
    assert page.status_code == 404
    assert TEXTS["conclusion"] not in page.content.decode()


def test_signing_keeps_the_newest_words_and_says_where_the_paper_is(client):
    scene = accepted_case()
    client.force_login(scene.specialist)
    answer = client.post(at("sign", scene), {"version": 0, "pin": PIN, **TEXTS}, headers=JSON)
    assert answer.json() == {"version": 1, "url": at("paper", scene, 1)}


def test_signing_again_with_the_same_key_answers_the_same(client):
    scene = accepted_case()
    client.force_login(scene.specialist)
    form = {"version": 0, "pin": PIN, **TEXTS}
    headers = {**JSON, "Idempotency-Key": "one-click"}
    first, second = (client.post(at("sign", scene), form, headers=headers) for _ in range(2))
    assert first.json() == second.json()
    assert Opinion.objects.count() == 1


@committed
def test_a_wrong_pin_is_counted_keeps_the_words_and_says_what_is_left(client):
    scene = accepted_case()
    client.force_login(scene.specialist)
    answer = client.post(at("sign", scene), {"version": 0, "pin": "000000", **TEXTS}, headers=JSON)
    assert (answer.status_code, answer.json()["path"]) == (403, "pin")
    assert "4" in answer.json()["text"]
    assert SigningKey.objects.get(user=scene.specialist).failures == 1
    assert Draft.objects.get().conclusion == TEXTS["conclusion"]
    assert AuditRow.objects.filter(action="opinions:sign", refused="forbidden").exists()

    for _ in range(4):
        answer = client.post(at("sign", scene), {"pin": "000000"}, headers=JSON)
    locked = client.post(at("sign", scene), {"pin": PIN}, headers=JSON)
    assert locked.status_code == 403
    assert not Opinion.objects.exists()


def test_a_form_without_pin_signs_nothing(client):
    scene = accepted_case()
    write(scene)
    client.force_login(scene.specialist)
    answer = client.post(at("sign", scene), {"version": 1}, headers=JSON)
    assert (answer.status_code, answer.json()["path"]) == (422, "pin")


def test_an_opinion_is_amended_from_its_block_and_the_amendment_can_be_dropped(client):
    scene = signed_case()
    client.force_login(scene.specialist)
    begun = client.post(at("amend", scene), {"reason": "补充复查时间"})
    assert begun.url == at("draft", scene)
    assert "补充复查时间" in client.get(begun.url).content.decode()
    client.post(at("drop_amendment", scene))
    assert client.get(at("draft", scene)).status_code == 404


@pytest.mark.parametrize("who", ["asker", "specialist", "resident"])
def test_the_paper_holds_the_whole_text_and_leaves_a_trace(client, who):
    scene = signed_case()
    client.force_login(getattr(scene, who))
    page = client.get(at("paper", scene, 1)).content.decode()
    opinion = Opinion.objects.get()
    assert TEXTS["conclusion"] in page
    assert f"{opinion.check_code[:5]}-{opinion.check_code[5:]}" in page
    assert scene.patient.name in page
    assert "style=" not in page
    row = AuditRow.objects.get(action="opinion.read")
    assert (row.patient_id, row.actor_id) == (
        str(scene.patient.pk),
        f"user:{getattr(scene, who).pk}",
    )
    assert row.reason in {"treated_here", "open_case", "own_record"}


@pytest.mark.parametrize("version", [0, 2, 99999999999])
def test_a_version_that_does_not_exist_is_absent(client, version):
    scene = signed_case()
    client.force_login(scene.asker)
    assert client.get(at("paper", scene, version)).status_code == 404


def test_the_paper_is_hidden_from_the_coordinator_and_from_strangers(client):
    scene = signed_case()
    for actor in (scene.coordinator, StaffFactory()):
        client.force_login(actor)
        page = client.get(at("paper", scene, 1))
        assert page.status_code == 404
        assert TEXTS["conclusion"] not in page.content.decode()


def test_an_old_version_says_that_a_newer_one_exists(client):
    scene = amended_case()
    client.force_login(scene.asker)
    assert at("paper", scene, 2) in client.get(at("paper", scene, 1)).content.decode()
    assert "ban--a" not in client.get(at("paper", scene, 2)).content.decode()


def test_the_doors_are_for_people_who_are_signed_in(client):
    scene = sent_case()
    for name in ("draft", "sign", "amend"):
        answer = client.post(at(name, scene))
        assert answer.status_code == 302
        assert "login" in answer.url


def test_whoever_holds_the_paper_can_check_it_and_learns_nothing_of_the_patient(client):
    scene = amended_case()
    old, new = scene.case.opinions.order_by("version")
    page = client.get(reverse("opinions:check_code", args=[new.check_code])).content.decode()
    for said in (scene.hospital.name, scene.specialist.name, str(new.version)):
        assert said in page
    for secret in (scene.patient.name, TEXTS["conclusion"], scene.case.number, scene.clinic.name):
        assert secret not in page
    typed = f" {old.check_code[:5].lower()}-{old.check_code[5:]} "
    answer = client.get(reverse("opinions:check"), {"code": typed}, follow=True)
    assert answer.status_code == 200
    assert "2" in answer.content.decode()


@pytest.mark.parametrize("code", ["ABCDE23456", "x", "a\x00b", "意见", "A" * 500, "%00"])
def test_an_unknown_code_is_said_to_be_unknown(client, code):
    for url in (
        reverse("opinions:check_code", args=[code]),
        f"{reverse('opinions:check')}?code={code}",
    ):
        answer = client.get(url, follow=True)
        assert answer.status_code == 404
        assert 'id="check-title"' in answer.content.decode()


def test_checking_is_limited(client):
    url = reverse("opinions:check_code", args=["ABCDE23456"])
    answers = [client.get(url).status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


def test_the_check_page_opens_with_a_field(client):
    assert 'name="code"' in client.get(reverse("opinions:check")).content.decode()


def test_the_paper_says_what_is_known_of_allergies_to_who_may_read_the_record(client):
    scene = signed_case()
    for actor in (scene.asker, scene.specialist, scene.resident):
        client.force_login(actor)
        page = client.get(at("paper", scene, 1)).content.decode()
        assert "chip--d" in page  # nobody asked: said, never left out
