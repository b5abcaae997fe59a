"""Officials: the picture of a month, silent institutions, how soon each specialty answers."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from telemed.notifications.models import Notification
from telemed.organisations.models import Division, Organisation, Specialty
from telemed.oversight.models import Silence
from telemed.people.models import Role
from tests.factories.duties import begun, left_window
from tests.factories.lives import many
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DivisionFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.factories.registration import PackageFactory, TeamFactory
from tests.marks import committed

pytestmark = committed


@pytest.fixture
def clinics(transactional_db):
    """A province of two prefectures; in the second lies one county that asked three times."""
    province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
    found = {}
    for code, place, county, name in (
        ("5201", "贵阳市", "520121", "开阳县"),
        ("5226", "黔东南州", "522634", "雷山县"),
    ):
        level = Division.Level.PREFECTURE
        parent = DivisionFactory(code=code, level=level, name=place, parent=province)
        division = DivisionFactory(code=county, name=name, parent=parent)
        found[county] = ClinicFactory(division=division, name=f"{name}卫生院")
    return found


@pytest.fixture
def official(clinics):
    province = Division.objects.get(code="52")
    authority = OrganisationFactory(
        kind=Organisation.Kind.AUTHORITY, division=province, name="贵州省卫生健康委员会"
    )
    return StaffFactory(role=Role.OFFICIAL, organisation=authority)


@pytest.fixture
def last_month(clinics):
    """Sixty consults in one county, three in the other."""
    at = timezone.localtime().replace(day=1, hour=9) - timedelta(days=12)
    for specialty, minutes in ((Specialty.NEUROLOGY, 4), (Specialty.CARDIOLOGY, 30)):
        asked = {"specialty": specialty, "answered": minutes, "decision": "adopted"}
        many(30, clinics["520121"], at, **asked)
    many(3, clinics["522634"], at, answered=5)


def test_the_picture_of_the_month(hand_of, official, last_month):
    hand = hand_of(official)
    page = hand.page
    expect(page.locator(".kf > section")).to_have_count(4)
    hand.sees("official-1-province")
    hand.do("main tbody a[href*='place=5201']")
    page.wait_for_url("**place=5201*")
    hand.sees("official-1-prefecture", ".kf__n")
    with page.expect_download() as taken:
        hand.do("a[href*='figures.csv']")
    assert "telemed-" in taken.value.suggested_filename
    hand.arrived("official 1")

    # And what counts fewer than five is not shown, with its definition one click away
    page.goto("/oversight/?place=5226")
    expect(page.locator(".kf__n.dim").first).to_be_visible()
    hand.do(".kf details summary")
    expect(page.locator(".kf dl").first).to_be_visible()
    hand.sees("official-1-few")


def test_silent_institutions(hand_of, official, clinics):
    county = Division.objects.get(code="520121")
    kind = Organisation.Kind.AUTHORITY
    authority = OrganisationFactory(kind=kind, division=county, name="开阳县卫生健康局")
    there = StaffFactory(role=Role.OFFICIAL, organisation=authority)
    AgreementFactory(asking=clinics["520121"])
    now = timezone.now()
    silence = Silence.objects.create(
        organisation=clinics["520121"],
        quiet_since=now - timedelta(days=20),
        noticed_at=now - timedelta(days=6),
        asked_at=now - timedelta(days=6),
    )
    hand = hand_of(official)
    page = hand.page
    hand.do("nav a[href='/oversight/silent/']")
    hand.sees("official-2-list")
    hand.do(f"main a[href='/oversight/silent/{silence.pk}/']")
    hand.sees("official-2-silence", "form[action$='/tell/']")
    hand.do("form[action$='/tell/'] button")
    expect(page.locator(".hist li").nth(0)).to_be_visible()
    page.wait_for_load_state()
    hand.sees("official-2-told")
    hand.arrived("official 2")
    assert Notification.objects.filter(recipient=there).count() == 1


def test_how_soon_each_specialty_answers(hand_of, official, last_month):
    hand = hand_of(official)
    page = hand.page
    hand.do("main nav a[href*='by=specialty']")
    page.wait_for_url("**by=specialty*")
    rows = page.locator("table.figs tbody tr")
    expect(rows.filter(has_text="神经内科")).to_have_count(1)
    hand.sees("official-3-specialties")
    hand.arrived("official 3")


def test_before_and_after_a_day(hand_of, official, last_month):
    hand = hand_of(official)
    page = hand.page
    hand.do("a[href*='/oversight/compare/']")
    hand.type("#cd", f"{timezone.localdate() - timedelta(days=10)}")
    hand.do("form.ask button.btn--p")
    expect(page.locator("table.ba tbody tr").first).to_contain_text("n")
    hand.sees("official-5-compared")
    hand.arrived("official 5")


def promises_of(clinic, owed, kept):
    """Services whose window ended in the last month, each on a day of its own."""
    PackageFactory(division=clinic.division)
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    left_window(
        begun(TeamFactory(organisation=clinic)), owed, kept=kept, day=last - timedelta(days=20)
    )


def test_promises_kept_by_county_and_group(hand_of, official, clinics):
    promises_of(clinics["520121"], 20, 15)
    promises_of(clinics["522634"], 12, 7)
    hand = hand_of(official)
    page = hand.page
    hand.do("main a[href*='show=kept_all']")
    page.wait_for_url("**show=kept_all*")
    hand.sees("official-4-province", ".kf__n")
    hand.do("main tbody a[href*='place=5201']")
    page.wait_for_url("**place=5201*")
    row = page.locator("main tbody tr:has-text('开阳县')").last
    expect(row).to_contain_text("75.0")
    hand.arrived("official 4")
    hand.sees("official-4-counties", ".kf__n")
