"""A household signs up with a family doctor on the phone; the clinic takes it on."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from scheduling.registration import services
from scheduling.registration.models import Contract, OwnSignature, Status
from telemed.core.intentions import intention
from tests.browser.hands import Keys
from tests.browser.test_first_journey import sign_on
from tests.factories.people import UserFactory
from tests.factories.registration import TeamFactory, child_of, read, resident_of, sign
from tests.marks import committed

pytestmark = committed
PHONE = 390


@pytest.fixture
def team():
    return TeamFactory(name="双流一队")


@pytest.fixture
def parent(team):
    return resident_of(team, name="石美凤", user=UserFactory(name="石美凤"))


@pytest.fixture
def paper(tmp_path):
    """The photo of a signed sheet."""
    sheet = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(sheet).line([(100, 400), (300, 350), (500, 420)], "black", 6)
    kept = io.BytesIO()
    sheet.save(kept, "JPEG")
    path = tmp_path / "paper.jpg"
    path.write_bytes(kept.getvalue())
    return path


def apply_for(team, *people, by=None, years=1):
    actor = by or people[0].user
    with intention(actor, door="test"):
        return services.apply(actor=actor, people=people, team_id=team.pk, years=years)


def test_a_household_is_signed_up(hand_of, team, parent):
    child = child_of(parent)
    hand = hand_of(parent.user, width=PHONE)
    hand.do(".tileb[href='/family-doctor/']")
    hand.sees("resident-2-teams")
    hand.do("main a.slot")
    hand.sees("resident-2-team")
    hand.do(f"input[value='{child.pk}']")
    hand.do("form[action$='/apply/'] button.btn--p")
    expect(hand.page.locator("main")).to_contain_text(child.name)
    hand.arrived("resident 6")
    hand.sees("resident-2-applied")
    assert Contract.objects.filter(status=Status.APPLIED).count() == 2


def test_the_household_is_signed_by_who_may(hand_of, team, parent, paper):
    for contract in apply_for(team, parent, child_of(parent)):
        with intention(team.leader, door="test"):
            services.agree(actor=team.leader, contract_id=contract.pk)
    hand = hand_of(parent.user, width=PHONE)
    hand.sees("resident-2-home")
    hand.do(".next a[href*='/contracts/']")
    hand.sees("resident-2-text")
    for _ in range(2):  # the next of the form follows by itself
        sign_here(hand, paper)
    expect(hand.page.locator("[data-sign]")).to_have_count(0)
    hand.sees("resident-2-signed")
    assert set(Contract.objects.values_list("status", flat=True)) == {Status.ACTIVE}


def sign_here(hand, paper):
    """With a finger on the glass; whoever has only keys signs on paper."""
    hand.page.evaluate("document.body.dataset.unsigned = 1")
    if isinstance(hand, Keys):
        hand.pick("way", "paper")
        hand.attach("input[name=photo]", paper)
        expect(hand.page.locator("[data-photo-state]")).not_to_be_empty()
    else:
        sign_on(hand.page, "[data-pad]")
    hand.do("[data-sign] button.btn--p")
    expect(hand.page.locator("[data-unsigned]")).to_have_count(0)  # another page than it was


def test_the_clinic_takes_a_household_on(hand_of, team, parent):
    apply_for(team, parent, child_of(parent))
    hand = hand_of(team.leader)
    hand.do("nav.rail a[href='/family-doctor/desk/']")
    hand.sees("township-5-desk")
    hand.do("main td a")
    hand.sees("township-5-review")
    hand.do("form[action$='/agree/'] button")
    hand.do("main li a.hit[href*='/contracts/']")
    hand.do("form[action$='/agree/'] button")
    expect(hand.page.locator("form[action$='/reopen/']")).to_be_visible()
    hand.arrived("township doctor 5")
    hand.sees("township-5-agreed")
    assert set(Contract.objects.values_list("status", flat=True)) == {Status.AGREED}


def test_who_came_of_age_signs_alone(hand_of, team, parent, paper):
    person = UserFactory(name="陈小宇", language="en")
    child = child_of(parent, years=17, user=person)
    [asked] = apply_for(team, child, by=parent.user, years=2)
    with intention(team.leader, door="test"):
        services.agree(actor=team.leader, contract_id=asked.pk)
    contract = sign(read(asked, parent.user), parent.user)
    today = timezone.localdate()
    child.represented_by.update(ends_on=today)
    type(child).objects.filter(pk=child.pk).update(birth_date=today - timedelta(days=19 * 365))
    hand = hand_of(person, f"/family-doctor/contracts/{contract.pk}/", width=PHONE)
    expect(hand.page.locator("[data-translation]")).to_be_visible()
    hand.sees("came-of-age", there="main")
    hand.do("input[name=has_read]")
    sign_here(hand, paper)
    expect(hand.page.locator("[data-sign]")).to_have_count(0)
    hand.sees("came-of-age-signed", there="main")
    assert OwnSignature.objects.filter(contract=contract).exists()
