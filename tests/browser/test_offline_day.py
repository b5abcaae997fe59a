"""A village doctor's day without a line: taken along, written on the device, sent once."""

import pytest
from playwright.sync_api import expect

from scheduling.duties.models import Code, Duty, Visit
from scheduling.duties.services import Findings
from tests.browser.hands import Keys
from tests.factories.duties import due, serve
from tests.factories.people import AgreementFactory
from tests.factories.registration import TeamFactory, join, resident_of
from tests.marks import committed

pytestmark = committed
DAY = "/family-doctor/duties/"
PHONE = 390
NAMES = ("石美凤", "吴阿英", "龙晓梅")


@pytest.fixture
def team():
    team = TeamFactory()
    hospital = AgreementFactory(asking=team.organisation).asked
    hospital.phone = "0851-8722-0120"
    hospital.save()
    team.colleague = join(team)
    return team


@pytest.fixture
def duties(team):
    return [
        due(team, patient=resident_of(team, name=name, birth_date="1970-01-01")) for name in NAMES
    ]


def take_along(page):
    expect(page.locator("[data-take][data-state=here]")).to_be_visible(timeout=30_000)


def visit(hand, duty, systolic, diastolic):
    """From the list to the list."""
    hand.do(f"td a[href='{DAY}{duty.pk}/']")
    hand.page.locator("[data-drawn=yes] [data-serve]").wait_for()
    hand.type("[name=systolic]", systolic)
    hand.type("[name=diastolic]", diastolic)
    hand.do("[data-done]")


def badge(page, duty):
    return page.locator(f"[data-badge='{duty.pk}']")


def test_an_offline_day(hand_of, team, duties):
    fine, high, double = duties
    hand = hand_of(team.leader, DAY, width=PHONE)
    page = hand.page
    hand.do("[data-take-now]")
    take_along(page)
    hand.sees("township-6-taken")
    page.context.set_offline(True)

    hand.clicks = 0
    visit(hand, fine, "138", "84")
    expect(badge(page, fine)).to_be_visible()
    hand.arrived("township doctor 6")
    hand.sees("township-6-kept")

    hand.clicks = 0
    visit(hand, high, "184", "96")
    expect(page.locator("[data-stop]")).to_be_visible()
    expect(page.locator("[data-phones] a[href='tel:0851-8722-0120']")).to_be_visible()
    hand.sees("township-6-warning")
    hand.do("[data-back]")
    expect(badge(page, high)).to_be_visible()
    assert isinstance(hand, Keys) or hand.clicks <= 4

    visit(hand, double, "142", "88")
    expect(badge(page, double)).to_be_visible()
    assert set(Duty.objects.values_list("status", flat=True)) == {"due"}
    serve(double, team.colleague, Findings(mode="face_to_face", systolic=150, diastolic=90))

    page.context.set_offline(False)
    both = page.locator("[data-both]:not([hidden])")
    expect(both).to_be_visible(timeout=60_000)
    expect(both.locator("[data-line=pressure] [data-theirs]")).to_have_text("150/90")
    expect(both.locator("[data-line=pressure] [data-mine]")).to_have_text("142/88")
    for duty in duties:
        duty.refresh_from_db()
    assert (fine.status, fine.systolic, fine.served_by) == ("done", 138, team.leader)
    assert (high.status, high.is_warned, high.systolic) == ("due", True, 184)
    assert Duty.objects.filter(rule=Code.RECHECK, recheck_of=high).count() == 1
    assert double.systolic == 150
    hand.sees("township-6-conflict")

    hand.type("[data-both]:not([hidden]) input", "两人都到了病人家里")
    hand.do("[data-both]:not([hidden]) form .btn--p")
    expect(page.locator("[data-visits]")).to_be_hidden()
    further = Visit.objects.get()
    assert (further.duty, further.systolic, further.served_by) == (double, 142, team.leader)
