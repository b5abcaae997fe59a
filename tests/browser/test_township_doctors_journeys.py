"""Township doctors: an emergency, the room, the opinion. The ordinary consult: first journey."""

from django.utils import timezone
from playwright.sync_api import expect

from consult.opinions import services as opinions
from consult.requests.models import Case, Status
from records.imaging.models import Study
from telemed.core.intentions import intention
from tests.factories.consult import accepted_case, drafted_case, sign, signed_case, write
from tests.marks import committed

pytestmark = committed


def test_an_emergency_is_asked_about(hand_of):
    scene = drafted_case()
    ecg = Study.objects.create(
        patient=scene.patient,
        organisation=scene.clinic,
        study_uid="1.2.3",
        modality="ECG",
        studied_at=timezone.now(),
    )
    hand = hand_of(scene.asker)
    page = hand.page
    hand.do("a[href='/cases/emergency/'].btn--r, header a[href='/cases/emergency/']")
    hand.type("#patient", "zsf")
    hand.do(f"input[name=patient][value='{scene.patient.pk}']")
    expect(page.locator(f"input[name=studies][value='{ecg.pk}']")).to_be_checked()
    hand.do("input[name=what][value=stroke]")
    hand.do("input[name=consent][value=deferred]")
    hand.sees("township-1-form")
    hand.do(".er__s")
    page.wait_for_url("**/cases/*-*/")
    hand.sees("township-1-sent")
    hand.arrived("township doctor 1")
    case = Case.objects.get(kind="emergency")
    assert (case.status, case.patient) == (Status.ROUTED, scene.patient)
    assert list(case.studies.all()) == [ecg]
    expect(page.locator("main a[href*='/rooms/']")).to_be_visible()  # to wait inside


def test_the_room_is_joined_with_the_patient(hand_of):
    scene = accepted_case()
    hand = hand_of(scene.asker)
    page = hand.page
    hand.do("main a[href*='/rooms/']")
    hand.sees("township-3-door", "[data-room=enter]")
    hand.do("[data-room=enter]")
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)
    hand.arrived("township doctor 3")


def test_an_impatient_hand_enters_once(page_as):
    """A second press while the devices are opened begins no second call."""
    page = page_as(accepted_case().asker)
    page.goto("/")
    page.locator("main a[href*='/rooms/']").first.click()
    page.wait_for_selector("[data-room=enter]:enabled")
    page.evaluate(
        "() => { const e = document.querySelector('[data-room=enter]'); e.click(); e.click(); }"
    )
    expect(page.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)


def test_an_opinion_is_acted_on(hand_of):
    scene = signed_case()
    hand = hand_of(scene.asker)
    page = hand.page
    hand.do(".now a.btn")
    hand.sees("township-4-opinion")
    hand.do("input[name=decision][value=adopted]")
    hand.do("form[action$='/receipt/'] [type=submit]")
    expect(page.locator("form[action$='/receipt/']")).to_have_count(0)
    hand.sees("township-4-closed")
    hand.arrived("township doctor 4")
    assert scene.refresh().status == Status.CLOSED


def test_an_opinion_that_was_amended_after_reading(hand_of):
    scene = signed_case()
    hand = hand_of(scene.asker)
    page = hand.page
    hand.do(".now a.btn")
    hand.do("input[name=decision][value=adopted]")
    with intention(scene.specialist, door="test"):
        opinions.start_amendment(
            actor=scene.specialist, case_id=scene.case.pk, reason="补充复查时间"
        )
    write(scene, recommendations="1. 立即转诊\n2. 6 小时后复查 CT")
    sign(scene)
    hand.do("form[action$='/receipt/'] [type=submit]")

    # Then nothing was decided about what is old, and the new version is read first
    expect(page.locator("main")).to_contain_text("6 小时后复查 CT")
    hand.sees("township-4-amended")
    assert not scene.case.receipts.exists()
