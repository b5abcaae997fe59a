"""To a hospital and back: referred from an opinion, accepted, handed back, the plan taken over."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from scheduling.referrals.models import Referral, Status
from tests.factories.consult import signed_case
from tests.factories.people import DepartmentFactory
from tests.factories.referrals import arrived, handed_back, road, sent
from tests.factories.scheduling import PeriodFactory, SessionFactory, doctor_of, places_of
from tests.marks import committed

pytestmark = committed
LIST = "nav a[href='/referrals/']"


def test_a_patient_is_referred_as_the_opinion_says(hand_of):
    scene = signed_case()
    department = DepartmentFactory(organisation=scene.hospital)
    session = SessionFactory(department=department, clinician=doctor_of(department))
    period = PeriodFactory(session=session, referral=1)
    hand = hand_of(scene.asker)
    hand.do(".now a.btn")  # the opinion; two clicks from there
    hand.do("a[href$='/refer/']")
    hand.sees("referral-1-form")
    hand.do(".req__go [type=submit]")
    expect(hand.page.locator("h1")).to_contain_text(department.name)
    hand.arrived("referral 1")
    hand.sees("referral-1-sent")
    made = Referral.objects.get()
    assert (made.from_case, made.status) == (scene.case.pk, Status.SENT)
    assert places_of(period)["referral"] == (1, 1)


def test_the_hospital_gives_the_place_that_is_kept(hand_of):
    found = sent(road())
    hand = hand_of(found.coordinator)
    hand.do(LIST)
    hand.sees("referral-2-list")
    hand.do("tr[data-state=sent] a")
    hand.sees("referral-2-answer")
    hand.do("form[action$='/accept/'] [type=submit]")
    expect(hand.page.locator("form[action$='/accept/']")).to_have_count(0)
    hand.arrived("referral 2")
    hand.sees("referral-2-accepted")
    got = found.refresh()
    assert got.status == Status.ACCEPTED
    assert got.appointment is not None


def test_a_doctor_hands_the_patient_back_with_a_plan(hand_of):
    found = arrived()
    hand = hand_of(found.doctor)
    hand.do(LIST)
    hand.do("tr[data-state=arrived] a")
    hand.sees("referral-3-there")
    hand.type("#diagnosis", "xinjiaotong")
    hand.type("#done", "CAG, PCI")
    hand.type("input[name=what]", "ECG")
    hand.type("input[name=due_on]", f"{timezone.localdate() + timedelta(days=14):%Y-%m-%d}")
    hand.do("form[action$='/hand-back/'] [type=submit]")
    expect(hand.page.locator("form[action$='/hand-back/']")).to_have_count(0)
    hand.arrived("referral 3")
    hand.sees("referral-3-back")
    assert found.refresh().planned == 1


def test_the_plan_is_taken_over(hand_of):
    found = handed_back()
    hand = hand_of(found.sender)
    hand.do(LIST)
    hand.do("tr[data-state=handed_back] a")
    hand.sees("referral-4-back")
    hand.do("form[action$='/take/'] button")
    expect(hand.page.locator("form[action$='/done/']")).to_have_count(2)
    hand.arrived("referral 4")
    hand.sees("referral-4-taken")
    assert found.refresh().status == Status.CLOSED
