"""Specialists: an answer in the corridor, an opinion in writing, a shift and the credit."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from consult.requests import services as requests
from consult.requests.models import Case, Offer, Status
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.rota.models import Swap
from tests.factories.consult import PIN, accepted_case, sent_case
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.factories.rota import on
from tests.marks import committed

pytestmark = committed


def test_an_answer_in_the_corridor(hand_of):
    scene = sent_case()
    hand = hand_of(scene.specialist, width=390)
    page = hand.page
    hand.do(".now a.btn")
    hand.sees("specialist-1-card", "button[data-key=a]")
    hand.do("button[data-key=a]")
    page.wait_for_url("**/rooms/*/")
    hand.sees("specialist-1-accepted", "[data-room=enter]")
    hand.arrived("specialist 1")
    assert scene.refresh().holder == scene.specialist


def test_a_colleague_was_quicker(hand_of):
    scene = sent_case(specialists=2)
    quicker = Offer.objects.exclude(doctor=scene.specialist).get(case=scene.case).doctor
    hand = hand_of(scene.specialist, width=390)
    page = hand.page
    hand.do(".now a.btn")
    expect(page.locator("button[data-key=a]")).to_be_visible()
    with intention(quicker, door="test"):
        requests.accept_case(actor=quicker, case_id=scene.case.pk)
    hand.do("button[data-key=a]")
    expect(page.locator("main")).to_contain_text(f"{quicker.name}已于")
    hand.sees("specialist-1-too-late")
    assert scene.refresh().holder == quicker


@pytest.fixture
def in_writing():
    scene = accepted_case()
    Case.objects.filter(pk=scene.case.pk).update(mode=Case.Mode.OFFLINE)
    return scene


def test_an_opinion_in_writing(hand_of, in_writing):
    hand = hand_of(in_writing.specialist)
    page = hand.page
    hand.do("main table a, .now a.btn")
    page.wait_for_url("**/cases/*/")
    template = page.locator("#op-template option").nth(1).get_attribute("value")
    hand.choose("#op-template", str(template))
    expect(page.locator("#op-findings")).not_to_have_value("")  # what is known has come
    hand.type("#op-findings", "头颅 CT 平扫：右侧基底节区见高密度影")  # no blank stays
    hand.type("#op-conclusion", "考虑右侧基底节区脑出血")
    hand.type("#op-recommendations", "1. 血压控制在 140/90 以下\n2. 立即转诊")
    hand.sees("specialist-2-draft")
    hand.type("#op-pin", PIN)
    hand.do("[data-sign-button]")
    expect(page.locator("#op-pin")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("考虑右侧基底节区脑出血")
    hand.sees("specialist-2-signed")
    hand.arrived("specialist 2")
    assert in_writing.refresh().status == Status.SIGNED


def test_a_shift_is_swapped_and_the_credit_is_seen(hand_of):
    scene = sent_case()
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital, name="韦正义")
    PractitionerFactory(user=colleague)
    ahead = timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    shift = on(scene.specialist, scene.hospital, ahead, hours=12)
    hand = hand_of(scene.specialist)
    page = hand.page
    hand.do("nav a[href='/rota/mine/'], nav a[href='/rota/']")
    hand.do(f"a[href='/rota/mine/{shift.pk}/swap/']")
    hand.do(f"input[name=choice][value='user:{colleague.pk}']")
    hand.sees("specialist-5-whom")
    hand.do("main form button.btn--p")

    # Then it is asked, and until the colleague accepts nobody's duty has moved
    expect(page.locator("main .chip--a")).to_contain_text("韦正义")
    hand.sees("specialist-5-asked")
    hand.arrived("specialist 5")
    assert Swap.objects.get().state == Swap.State.ASKED
    shift.refresh_from_db()
    assert shift.user == scene.specialist
    hand.do("nav a[href='/credit/']")
    page.wait_for_url("**/credit/**")
    hand.sees("specialist-5-credit")


def test_nobody_can_take_the_shift(hand_of):
    scene = sent_case()
    ahead = timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    shift = on(scene.specialist, scene.hospital, ahead, hours=12)
    hand = hand_of(scene.specialist, "/rota/mine/")
    hand.do(f"a[href='/rota/mine/{shift.pk}/swap/']")
    expect(hand.page.locator(".empty")).to_be_visible()
    hand.sees("specialist-5-nobody")


def test_what_is_not_signed_now_waits_as_ready_and_a_wrong_pin_changes_nothing(hand_of, in_writing):
    hand = hand_of(in_writing.specialist, f"/cases/{in_writing.case.pk}/")
    page = hand.page
    hand.type("#op-conclusion", "考虑右侧基底节区脑出血")
    hand.type("#op-pin", "000000")
    hand.do("[data-sign-button]")
    expect(page.locator("#op-refusal")).to_be_visible()
    hand.sees("specialist-2-wrong-pin")
    hand.do("[data-ready-button]")
    expect(page.locator("[data-state]")).to_contain_text("30")  # minutes until somebody is told
    hand.sees("specialist-2-ready")
    assert in_writing.refresh().status != Status.SIGNED
