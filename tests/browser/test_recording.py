"""A recording: everybody is asked, everybody sees it, it plays to its end."""

import hashlib
import re

import pytest
from playwright.sync_api import Page, expect

from consult.recordings import files
from consult.recordings.models import Recording
from telemed.people.models import Role
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_room import enter, prepare
from tests.factories.people import StaffFactory
from tests.marks import committed

pytestmark = committed
PATIENCE = 20_000  # ms, never a measurement
RUNS = re.compile(r"Recording \d+:\d\d")
PLAYED = """async () => {
  const video = document.querySelector("video");
  video.muted = true;
  video.currentTime = 1e6;  // to the end: a recording made on the way knows no length before
  await new Promise(done => video.ontimeupdate = done);
  const length = video.currentTime;
  video.currentTime = 0;
  await new Promise(done => video.onseeked = done);
  await video.play();
  await new Promise(done => setTimeout(done, 1000));
  const { totalVideoFrames } = video.getVideoPlaybackQuality();
  return { length, frames: totalVideoFrames, sound: video.webkitAudioDecodedByteCount };
}"""


@pytest.fixture
def both(page_as, who):
    a = enter(prepare(page_as(who.asking)), who)
    b = enter(prepare(page_as(who.answering)), who)
    expect(b.locator(".tile")).to_have_count(2)
    return a, b


def chip(page: Page):
    return page.locator('[data-rec="chip"]')


def test_nothing_is_recorded_before_the_last_has_agreed_and_it_plays_to_its_end(both, who):
    a, b = both
    b.locator('[data-rec="open"]').click()
    b.locator('[data-rec="ask"]').click()
    expect(a.locator('[data-rec="said"]')).to_contain_text(who.answering.name)
    expect(b.locator('[data-rec="more"]')).to_contain_text("the patient")
    for page in both:
        assert_accessible(page)
        assert_fits(page)
    a.locator("[data-agrees=yes]").click()
    expect(a.locator('[data-rec="mine"]')).to_be_hidden()
    expect(chip(b)).to_have_text("Not recorded")
    assert Recording.objects.get().status == "asked"
    a.locator("[data-patient=yes]").click()
    for page in both:
        expect(chip(page)).to_have_text(RUNS, timeout=PATIENCE)
    b.wait_for_timeout(7_000)
    assert Recording.objects.get().pieces >= 2
    a.locator('[data-rec="stop"]').click()
    for page in both:
        expect(chip(page)).to_have_text("Not recorded")
        expect(page.locator('[data-rec="said"]')).to_contain_text("stored", timeout=10_000)

    recording = Recording.objects.get()
    content = files.path_of(recording.pk).read_bytes()
    assert recording.sha256 == hashlib.sha256(content).hexdigest()
    a.goto(f"/cases/{who.room.case_id}/")
    a.locator(f"a[href='/recordings/{recording.pk}/']").click()
    assert_accessible(a)
    assert_fits(a)
    played = a.evaluate(PLAYED)
    logged = recording.recorded.total_seconds()
    assert abs(played["length"] - logged) < 3
    assert played["frames"] > 5
    assert played["sound"] > 0


def test_who_comes_later_is_asked_first_and_a_no_ends_it(both, page_as, who):
    a, b = both
    guest = StaffFactory(
        role=Role.COORDINATOR, organisation=who.room.case.asked, name="潘协调", language="en"
    )
    b.locator('[data-rec="open"]').click()
    b.locator('[data-rec="ask"]').click()
    a.locator("[data-agrees=yes]").click()
    a.locator("[data-patient=yes]").click()
    expect(chip(a)).to_have_text(RUNS, timeout=PATIENCE)
    c = enter(prepare(page_as(guest)), who)
    for page in (a, b, c):
        expect(chip(page)).to_have_text("Recording paused", timeout=PATIENCE)
    expect(c.locator('[data-rec="mine"]')).to_be_visible()
    c.locator("[data-agrees=yes]").click()
    for page in (a, b, c):
        expect(chip(page)).to_have_text(RUNS, timeout=PATIENCE)
    c.locator('[data-rec="stop"]').click()
    expect(b.locator('[data-rec="said"]')).to_contain_text("stored", timeout=10_000)
    assert Recording.objects.get().why_stopped == "stopped"
