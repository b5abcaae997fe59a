"""A clinic sends images from one page while it is in a call in another: the call goes first."""

import time

import numpy as np
from django.urls import reverse
from playwright.sync_api import expect

from records.imaging.models import Instance
from tests.browser.limits import SPARE
from tests.browser.room_server import concealed, count, measured
from tests.factories.imaging import as_bytes, dicom
from tests.line.needs import pytestmark

__all__ = ["pytestmark"]
RATE = 256_000  # bit/s
BESIDE = 20  # seconds in which both run
SHARE = 0.3  # of the line: a fifth of what the call believes it is, and what the first piece takes
MADE_UP = 0.15  # of the sound
ENDS = 45  # seconds after the call: 25 of sending, and the end of the lease
SIDE = 640  # pixels of noise: 800 KB that no line compresses


def test_an_upload_gives_way_to_the_call_and_ends_whole_after_it(call, who):
    line, town, hub = call
    who.asking.language = "en"
    who.asking.save()
    noise = np.random.default_rng(1).integers(0, 2**12, (SIDE, SIDE), "<i2")
    picture = as_bytes(dicom(pixels=noise, BitsStored=12, HighBit=11))
    upload = town.context.new_page()
    upload.goto(reverse("imaging:upload", args=[who.room.case.patient_id]))

    line.spoil(rate=RATE, delay=0.15)
    town.wait_for_timeout(10_000)  # the picture finds its size
    before = {page: count(page) for page in (town, hub)}
    upload.locator("#up-files").set_input_files(
        [{"name": "ct.dcm", "mimeType": "application/dicom", "buffer": picture}]
    )
    row = upload.locator(".up__row")
    expect(row).to_contain_text("Gives way to your call; goes on by itself.")
    town.wait_for_timeout(BESIDE * 1000)
    shares = [concealed(page, then) for page, then in before.items()]
    gone = float(row.locator("progress").evaluate("(bar) => bar.value")) * len(picture)
    measured(13, f"made up beside an upload: {shares[0]:.1%} in town, {shares[1]:.1%} at the hub")
    measured(13, f"the upload took {gone * 8 / RATE / BESIDE:.0%} of the line meanwhile")
    assert max(shares) <= MADE_UP
    assert gone * 8 <= RATE * BESIDE * SHARE
    expect(row).to_contain_text("Gives way to your call; goes on by itself.")

    ended = time.monotonic()
    town.close()
    expect(row).to_contain_text("Kept", timeout=ENDS * SPARE * 1000)
    measured(13, f"the upload is whole {time.monotonic() - ended:.0f} s after the call")
    assert Instance.objects.filter(series__study__patient=who.room.case.patient).count() == 1
