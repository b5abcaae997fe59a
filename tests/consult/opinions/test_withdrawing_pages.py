"""What the pages show of a withdrawal, and to whom."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from consult.opinions import services
from consult.opinions.models import Correction
from telemed.people.models import Role
from tests.consult.opinions.test_withdrawing import REASON, office_of, withdrawn
from tests.factories.consult import TEXTS, amended_case, closed_case, sign, signed_case, write
from tests.factories.people import StaffFactory

JSON = {"accept": "application/json"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_checked_yet():
    cache.clear()


def page_of(client, actor, scene):
    client.force_login(actor)
    return client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()


def door(name, scene):
    return reverse(f"opinions:{name}", args=[scene.case.pk])


def test_both_sides_of_a_withdrawal_on_the_pages(client):
    scene = signed_case()
    office = office_of(scene)
    assert door("withdraw", scene) in page_of(client, scene.specialist, scene)
    answer = client.post(door("withdraw", scene), {"reason": REASON})
    assert answer.status_code == 302
    mine = page_of(client, scene.specialist, scene)
    assert door("drop_withdrawal", scene) in mine
    assert door("confirm_withdrawal", scene) not in mine

    seen = page_of(client, office, scene)
    assert door("confirm_withdrawal", scene) in seen
    assert REASON in seen
    assert TEXTS["conclusion"] in seen  # it reads what it decides about
    assert client.post(door("confirm_withdrawal", scene)).status_code == 302
    assert scene.refresh().is_withdrawn
    assert TEXTS["conclusion"] not in page_of(client, office, scene)

    for actor in (scene.asker, scene.specialist):
        page = page_of(client, actor, scene)
        assert "ban--r" in page
        assert "doc--void" in page
        assert TEXTS["conclusion"] in page
        assert door("amend", scene) not in page
    assert door("draft", scene) in page_of(client, scene.specialist, scene)


def test_the_office_that_is_not_asked_sees_no_text_but_may_ask(client):
    scene = signed_case()
    page = page_of(client, office_of(scene), scene)
    assert TEXTS["conclusion"] not in page
    assert door("withdraw", scene) in page
    assert (
        client.post(door("ask_amendment", scene), {"reason": "用药剂量请核对"}).status_code == 302
    )
    assert Correction.objects.get().kind == Correction.Kind.AMENDMENT
    assert "用药剂量请核对" in page_of(client, scene.specialist, scene)


@pytest.mark.parametrize("who", ["asker", "coordinator"])
def test_the_acts_are_not_offered_to_others(client, who):
    scene = signed_case()
    actor = getattr(scene, who)
    page = page_of(client, actor, scene)
    for name in ("withdraw", "confirm_withdrawal", "ask_amendment"):
        assert door(name, scene) not in page
        assert client.post(door(name, scene), {"reason": REASON}).status_code == 303
    assert not Correction.objects.exists()


def test_a_short_reason_goes_back_to_the_page_with_what_was_typed(client):
    scene = signed_case()
    client.force_login(scene.specialist)
    answer = client.post(door("withdraw", scene), {"reason": "写错病人"}, follow=True)
    page = answer.content.decode()
    assert "写错病人" in page
    assert "10" in page
    assert not Correction.objects.exists()


def test_a_closed_case_is_marked_red_and_takes_a_new_opinion_and_a_new_receipt(client, by):
    scene, _office = withdrawn(by, closed_case)
    assert "ban--r" in page_of(client, scene.asker, scene)
    assert "chip--r" in client.get(reverse("requests:list")).content.decode()
    receipt = reverse("requests:receipt", args=[scene.case.pk])
    assert receipt not in page_of(client, scene.asker, scene)
    assert door("sign", scene) in page_of(client, scene.specialist, scene)
    assert "chip--r" in client.get("/").content.decode()
    write(scene)
    sign(scene)
    assert receipt in page_of(client, scene.asker, scene)


def test_whoever_checks_the_paper_learns_that_it_was_withdrawn(client, by):
    scene, _office = withdrawn(by, amended_case)
    old, new = scene.case.opinions.order_by("version")
    page = client.get(reverse("opinions:check_code", args=[new.check_code])).content.decode()
    assert "withdrawn" in page or "撤回" in page
    for secret in (scene.patient.name, TEXTS["conclusion"], REASON):
        assert secret not in page
    page = client.get(reverse("opinions:check_code", args=[old.check_code])).content.decode()
    assert "withdrawn" in page or "撤回" in page
    client.force_login(scene.asker)
    paper = client.get(reverse("opinions:paper", args=[scene.case.pk, 2])).content.decode()
    assert REASON in paper
    assert "doc--void" in paper


def test_the_resident_reads_that_it_was_withdrawn(client, by):
    scene, _office = withdrawn(by)
    client.force_login(scene.resident)
    page = client.get(f"/my/cases/{scene.case.pk}/").content.decode()
    assert "doc--void" in page
    assert "ban--r" in page


def test_the_first_page_of_a_doctor_who_owes_opinions_asks_few_questions(
    client, by, django_assert_max_num_queries
):
    scene, _office = withdrawn(by, closed_case)
    client.force_login(scene.specialist)
    client.get("/")
    with django_assert_max_num_queries(12):
        client.get("/")


def test_a_stranger_does_not_learn_of_the_case(client):
    scene = signed_case()
    client.force_login(StaffFactory(role=Role.MEDICAL_OFFICE))
    for name in ("withdraw", "confirm_withdrawal", "drop_withdrawal", "ask_amendment"):
        answer = client.post(door(name, scene), {"reason": REASON}, headers=JSON)
        assert answer.status_code == 404


def test_the_services_are_the_only_way(by):
    scene = signed_case()
    with pytest.raises(RuntimeError):
        services.ask_withdrawal(actor=scene.specialist, case_id=scene.case.pk, reason=REASON)
