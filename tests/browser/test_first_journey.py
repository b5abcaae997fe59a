"""The first journey in two windows: ask, answer live, sign, act."""

import time

import pytest
from playwright.sync_api import Page, expect

from consult.requests.models import Case, Status
from records.imaging import files, intake, phantom, services
from telemed.core.intentions import intention
from telemed.organisations.models import Specialty
from telemed.people import signing
from telemed.people.models import Role
from tests.browser.checks import assert_accessible
from tests.browser.hands import Mouse
from tests.browser.limits import SPARE
from tests.browser.room_server import WATCH, await_media
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    OrganisationFactory,
    PatientFactory,
    PractitionerFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.marks import committed

pytestmark = committed
PIN = "246810"
SOON = 300  # ms from one window to the other
BADGE = 2_000  # ms
SLICES = 5
VIEWER = "document.querySelector('[data-room=viewer]').viewer"


class People:
    """Everybody of one story, and the CT that goes along."""

    def __init__(self) -> None:
        self.clinic, self.hospital = ClinicFactory(), OrganisationFactory()
        AgreementFactory(asking=self.clinic, asked=self.hospital)
        self.township = StaffFactory(
            role=Role.TOWNSHIP_DOCTOR, organisation=self.clinic, name="周丽"
        )
        PractitionerFactory(user=self.township, specialty=Specialty.GENERAL)
        self.specialist = StaffFactory(
            role=Role.SPECIALIST, organisation=self.hospital, name="罗晓岚"
        )
        PractitionerFactory(user=self.specialist, specialty=Specialty.RESPIRATORY)
        with intention(self.specialist, door="test"):
            signing.create_key(user=self.specialist, pin=PIN)
        self.resident = UserFactory(name="吴金花")
        self.patient = treated(
            PatientFactory(
                name="吴金花", pinyin="wu jin hua", initials="wjh", sex="female", user=self.resident
            ),
            self.clinic,
        )

    def bring_pictures(self) -> None:
        drawn = phantom.slices(
            key=str(self.patient.pk),
            name=self.patient.name,
            patient_id=self.patient.fhir_id,
            count=SLICES,
            at=self.patient.created_at,
            middle=phantom.NODULE.at[2],
        )
        with files.arriving() as folder:
            pictures = []
            for name, content in drawn:
                (folder / name).write_bytes(content)
                pictures += intake.sort_out(files.settle(folder / name), name, "journey")
            with intention(self.township, door="test"):
                services.store_pictures(
                    actor=self.township, patient=self.patient, pictures=pictures
                )


@pytest.fixture
def people(transactional_db):
    people = People()
    people.bring_pictures()
    return people


def sign_on(page: Page, selector: str) -> None:
    """Draw a line that is long enough to be a signature."""
    pad = page.locator(selector)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 20 + step * 14, box["y"] + 30 + (step % 3) * 20)
    page.mouse.up()


def ask(page: Page) -> Mouse:
    """From the find box to a sent request."""
    hand = Mouse(page)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("wjh")
    page.keyboard.press("Enter")
    hand.do("main a:has-text('吴金花')")
    hand.do("button[data-key=n]")
    page.fill("#reason", "咳嗽 3 周，CT 见右肺结节")
    page.fill("#aim", "定性质，下一步检查")
    hand.do("input[value=now]")
    hand.do("input[name=specialty][value=respiratory]")
    sign_on(page, "[data-pad]")
    hand.clicks += 1  # a stroke on the pad
    hand.do("[data-pad-confirm]")
    expect(page.locator("[data-consent-state]")).to_contain_text("已签")
    hand.do(".req__go [type=submit]:not([formaction])")
    expect(page.locator("h1")).to_contain_text("咳嗽 3 周")
    return hand


def enter(page: Page, case: Case) -> Mouse:
    if "/rooms/" not in page.url:
        page.goto(f"/rooms/{case.pk}/")
    hand = Mouse(page)
    hand.do("[data-room=enter]")
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)
    return hand


def await_viewer(page: Page) -> None:
    """Until the exact pixels of the first slice are there."""
    expect(page.locator("[data-room=viewer] .full")).to_be_visible(timeout=15_000)


def seen_within(page: Page, condition: str, started: float) -> float:
    page.wait_for_function(f"() => {condition}", timeout=5_000, polling=10)
    return (time.monotonic() - started) * 1000


def test_ask_answer_live_sign_and_act(page_as, people):
    # Given a township doctor with a patient in the chair, and a specialist at the desk
    township, specialist = page_as(people.township), page_as(people.specialist)
    for page in (township, specialist):
        page.add_init_script(WATCH)
    specialist.goto("/")
    expect(specialist.locator("[data-inbox-count]")).to_be_hidden()

    # When the township doctor asks
    ask(township).arrived("township doctor 2")

    # Then the specialist's badge and list change without a reload, within two seconds
    expect(specialist.locator("[data-inbox-count]")).to_have_text("1", timeout=BADGE * SPARE)
    expect(specialist.locator(".now")).to_contain_text("吴金花", timeout=BADGE * SPARE)
    assert_accessible(specialist)

    # When the specialist accepts (two clicks) and both enter the room
    case = Case.objects.get()
    specialist.locator(".now a.btn").click()
    specialist.locator("button[data-key=a]").click()
    expert = enter(specialist, case)
    enter(township, case)

    # Then picture and sound move both ways within five seconds
    for page in (township, specialist):
        await_media(page, 5.0)
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS

    # When the specialist leads, measures and points, the other sees it at once
    for page in (township, specialist):
        await_viewer(page)
    lead_measure_and_point(expert, township)

    # When both write, both read it, in order
    for page, text in ((township, "右肺这个结节多大？"), (specialist, "12 毫米，边缘光滑")):
        page.fill("[data-room=say] input", text)
        page.keyboard.press("Enter")
    for page in (township, specialist):
        expect(page.locator("[data-room=log]")).to_contain_text("12 毫米，边缘光滑")

    # When the specialist writes the opinion, nobody else sees it before it is signed
    specialist.fill("#op-conclusion", "右肺上叶结节 12 mm，建议 3 月后复查 CT")
    specialist.fill("#op-recommendations", "1. 三个月后复查\n2. 戒烟")
    township.goto(f"/cases/{case.pk}/")
    assert "三个月后复查" not in township.content()
    specialist.fill("#op-pin", PIN)
    expert.do("[data-sign-button]")

    # Then the township doctor reads it without a reload, adopts it, and the case closes
    expect(township.locator("main")).to_contain_text("三个月后复查", timeout=5_000)
    expert.arrived("specialist 3")
    assert_accessible(township)
    specialist.locator("[data-opens=end-room]").click()
    specialist.locator("#end-room form button").click()  # a case with people in its room stays open
    specialist.wait_for_load_state()
    township.locator("label:has(input[value=adopted])").click()
    township.locator("form[action$='/receipt/'] [type=submit]").click()
    expect(township.locator("form[action$='/receipt/']")).to_have_count(0)
    case.refresh_from_db()
    assert case.status == Status.CLOSED

    # And the paper holds, and the patient sees the case and who looked
    specialist.goto(f"/opinions/{case.pk}/1/")
    expect(specialist.locator("main")).to_contain_text("三个月后复查")
    specialist.goto(f"/cases/{case.pk}/")
    code = specialist.locator("a[href*='/check/']").first.get_attribute("href")
    anybody = page_as(None)
    anybody.goto(code)
    expect(anybody.locator("main")).to_contain_text("罗晓岚")
    assert "吴金花" not in anybody.content()
    resident = page_as(people.resident, width=390)
    resident.goto(f"/my/cases/{case.pk}/")
    expect(resident.locator("main")).to_contain_text("三个月后复查")
    resident.goto("/my/who-looked/")
    expect(resident.locator("main")).to_contain_text("罗晓岚")
    assert_accessible(resident)


def lead_measure_and_point(hand: Mouse, follower: Page) -> None:
    hand.do("[data-room=lead]")
    hand.clicks += 2  # one to measure, one to point
    leader = hand.page
    stage = leader.locator("[data-room=viewer] canvas").first
    box = stage.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    leader.keyboard.press("l")
    leader.mouse.move(middle[0] - 60, middle[1])
    leader.mouse.down()
    leader.mouse.move(middle[0], middle[1], steps=5)
    leader.mouse.move(middle[0] + 60, middle[1], steps=5)
    started = time.monotonic()
    leader.mouse.up()
    took = seen_within(follower, f"{VIEWER}.marks.size > 0", started)
    assert took <= SOON * SPARE, f"a measurement took {took:.0f} ms"

    leader.keyboard.press("p")
    started = time.monotonic()
    leader.mouse.move(middle[0] + 20, middle[1] + 20)
    leader.mouse.down()
    took = seen_within(follower, f"{VIEWER}.board.pointers.size > 0", started)
    leader.mouse.up()
    assert took <= SOON * SPARE, f"a pointer took {took:.0f} ms"
