"""An upload in one page of a browser while another page of it has a call."""

from itertools import pairwise

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from records.imaging.models import Instance
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_upload import large_disc, pieces_sent, sent
from tests.factories.imaging import dicom_bytes
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.marks import committed

pytestmark = committed
GIVES_WAY = "Gives way to your call; goes on by itself."
# A call says each second what its line leaves, until `over`.
CALL = """async (word) => {
  const { claim, release } = await import("/static/web/yield.js");
  window.say = (said) => { word = said; claim(said); };
  say(word);
  const each = setInterval(() => claim(word), 1000);
  window.over = () => { clearInterval(each); release(); };
}"""


@pytest.fixture
def upload(page_as):
    """The page where images are added, 390 pixels wide."""
    doctor = StaffFactory(language="en")
    patient = treated(PatientFactory(), doctor.organisation)
    page = page_as(doctor, width=390)
    page.goto(reverse("imaging:upload", args=[patient.pk]))
    return page


@pytest.fixture
def call(upload):
    """call(word): another page of the browser that has a call, whose line leaves so much."""

    def begin(**word):
        page = upload.context.new_page()
        page.goto("/accounts/password/reset/")
        page.evaluate(CALL, {"uplink": 0, "spare": True, **word})
        return page

    return begin


def test_nothing_goes_while_the_line_of_the_call_has_nothing_to_spare(upload, call):
    other = call(spare=False)
    small = [sent(f"{n}.dcm", dicom_bytes(InstanceNumber=n)) for n in (1, 2)]
    upload.locator("#up-files").set_input_files(small)
    rows = upload.locator(".up__row")
    expect(rows.nth(0)).to_contain_text(GIVES_WAY)
    assert_fits(upload)
    assert_accessible(upload)
    expect(rows.nth(1)).to_contain_text("Waiting")
    assert not Instance.objects.exists()

    other.close()
    expect(rows.nth(0)).to_contain_text("Kept", timeout=10_000)
    expect(rows.nth(1)).to_contain_text("Kept")


def test_beside_a_call_pieces_are_small_and_afterwards_the_rest_goes_at_once(upload, call):
    other = call(uplink=400_000)
    begins = pieces_sent(upload)
    upload.locator("#up-files").set_input_files([sent("disc.zip", large_disc())])
    row = upload.locator(".up__row")
    expect(row).to_contain_text(GIVES_WAY)
    while len(begins) < 3:
        upload.wait_for_timeout(100)
    assert begins[1] == 400_000 // 8 // 5 // 2  # half a second of a fifth of the uplink

    other.evaluate("() => over()")
    expect(row).to_contain_text("3 pictures", timeout=30_000)
    assert max(after - before for before, after in pairwise(begins)) >= 1 << 20


def test_what_is_under_way_when_a_call_begins_is_taken_back(upload, call):
    held = []
    upload.route(
        "**/images/upload/pieces/**",
        lambda route: held.append(route) if route.request.method == "PATCH" else route.continue_(),
    )
    upload.locator("#up-files").set_input_files([sent("disc.zip", large_disc())])
    row = upload.locator(".up__row")
    expect(row).to_contain_text("Sending")
    while not held:
        upload.wait_for_timeout(50)

    with upload.expect_event("requestfailed") as gone:
        other = call(spare=False)
    assert gone.value.method == "PATCH"
    expect(row).to_contain_text(GIVES_WAY)

    upload.unroute_all()
    other.evaluate("() => over()")
    expect(row).to_contain_text("3 pictures", timeout=30_000)
    assert Instance.objects.count() == 3


def test_a_page_that_looks_at_images_hears_of_calls_in_other_pages_only(upload, call):
    """What the room's own page knows of its line comes first, and it does not wait for itself."""
    heard = """async () => {
      const { claim, onCall } = await import("/static/web/yield.js");
      if (%s) claim({ uplink: 0, spare: false });
      let told = null;
      onCall((call) => (told = call && call.spare))();
      return told;
    }"""
    assert upload.evaluate(heard % "true") is None
    call(spare=False)
    assert upload.evaluate(heard % "false") is False


def test_the_word_of_a_call_that_died_holds_for_seconds_only(upload):
    """A page without power says nothing more, and does not take its word back."""
    left = upload.evaluate(
        """async () => {
          const { callNow, claim } = await import("/static/web/yield.js");
          claim({ uplink: 0, spare: false });
          const now = Date.now;
          const after = (ms) => { Date.now = () => now() + ms; return callNow()?.spare ?? null; };
          return [after(0), after(4000), after(6000), after(-3600000)];
        }"""
    )
    assert left == [False, False, None, None]
