"""Microphone, camera and loudspeaker: chosen, remembered, plugged in and pulled out."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.room_server import await_media, count
from tests.browser.test_room import enter, prepare
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed

# The browser's own made devices, some more cameras from a canvas, and a hand that pulls plugs.
DEVICES = """
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  const list = media.enumerateDevices.bind(media);
  const hidden = () => JSON.parse(sessionStorage.getItem("pulled") || "[]");
  const made = window.cameras || [
    { id: "front", label: "Front camera", facing: "user" },
    { id: "back", label: "Back camera", facing: "environment" },
  ];
  const held = new Map(); // which device each track is of
  const names = (wanted) => {
    const of = (one) => one?.exact || one?.ideal || one;
    const { deviceId, facingMode } = wanted || {};
    const must = !!(deviceId?.exact || facingMode?.exact);
    return { id: of(deviceId), facing: of(facingMode), must };
  };
  const there = () => made.filter(({ id }) => !hidden().includes(id));
  const picture = (wanted) => {
    const { id, facing, must } = names(wanted);
    const fits = (one) => one.id === id || (facing && one.facing === facing);
    const found = there().find(fits) || (must ? null : there()[0]);
    if (!found) throw new DOMException("gone", "NotFoundError");
    // As many a phone: one camera at a time.
    if (window.eye?.readyState === "live") throw new DOMException("busy", "NotReadableError");
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
    const pen = canvas.getContext("2d");
    setInterval(() => {
      pen.fillStyle = `hsl(${Date.now() % 360} 60% 40%)`; pen.fillRect(0, 0, 320, 240);
    }, 60);
    const track = canvas.captureStream(15).getVideoTracks()[0];
    track.getSettings = () => ({ deviceId: found.id, facingMode: found.facing });
    held.set(track, found.id);
    window.eye = track;
    return track;
  };
  media.getUserMedia = async (wanted) => {
    const tracks = [];
    if (wanted.audio) {
      const { id, must } = names(wanted.audio);
      const own = (await list()).filter((one) => one.kind === "audioinput");
      const real = own.filter((one) => !hidden().includes(one.deviceId));
      const found = real.find((one) => one.deviceId === id) || (must ? null : real[0]);
      if (!found) throw new DOMException("gone", "NotFoundError");
      const [track] = (await ask({ audio: { deviceId: { exact: found.deviceId } } })).getTracks();
      held.set(track, found.deviceId);
      tracks.push(track);
    }
    if (wanted.video) tracks.push(picture(wanted.video));
    return new MediaStream(tracks);
  };
  media.enumerateDevices = async () => {
    const own = (await list()).filter((one) => one.kind !== "videoinput");
    const cameras = there().map(({ id, label }) => ({ kind: "videoinput", deviceId: id, label }));
    return [...own.filter((one) => !hidden().includes(one.deviceId)), ...cameras];
  };
  window.pull = (id) => {
    sessionStorage.setItem("pulled", JSON.stringify([...hidden(), id]));
    for (const [track, device] of held) {
      if (device !== id || track.readyState === "ended") continue;
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    media.dispatchEvent(new Event("devicechange"));
  };
  window.plug = (id) => {
    sessionStorage.setItem("pulled", JSON.stringify(hidden().filter((one) => one !== id)));
    media.dispatchEvent(new Event("devicechange"));
  };
"""
SENT = """(kind) => {
  const call = window.calls.find((one) => one.connectionState === "connected");
  return call.getSenders().find((one) => one.track?.kind === kind)?.track.getSettings().deviceId;
}"""
DIALOG = "#devices"


@pytest.fixture
def who(transactional_db):
    who = scene()
    who.asking.language = "en"
    who.asking.save()
    return who


@pytest.fixture
def page_of(page_as):
    def page_of(user, **kwargs) -> Page:
        page = prepare(page_as(user, **kwargs))
        page.add_init_script(DEVICES)
        return page

    return page_of


def options(page: Page, kind: str, within: str = "") -> list[tuple[str, str]]:
    found = page.locator(f'{within} select[data-device="{kind}"] option')
    return [tuple(one) for one in found.evaluate_all("(all) => all.map((o) => [o.value, o.text])")]


def choose(page: Page, kind: str, value: str, within: str = "") -> None:
    page.locator(f'{within} select[data-device="{kind}"]').select_option(value)


def another(page: Page, kind: str, within: str) -> str:
    """A device of that kind that is not the system's own and not the first."""
    return [v for v, _ in options(page, kind, within) if v not in {"default", ""}][-1]


def test_what_is_chosen_before_one_enters_is_used_and_remembered_on_the_device(page_of, who):
    page = page_of(who.asking)
    page.goto(f"/rooms/{who.room.case_id}/")
    ready = '[data-room="ready"]'
    expect(page.locator(f'{ready} select[data-device="camera"] option')).to_have_count(2)
    choose(page, "camera", "back", ready)
    microphone = another(page, "mic", ready)
    choose(page, "mic", microphone, ready)
    page.wait_for_function("() => JSON.parse(localStorage.getItem('room-devices') || '{}').mic")
    b = enter(page_of(who.answering), who)

    enter(page, who)  # loads the page anew
    await_media(b, 15)
    assert page.evaluate(SENT, "video") == "back"
    assert page.evaluate(SENT, "audio") == microphone
    assert len(options(page, "speaker", DIALOG)) > 1


def test_another_device_in_the_room_takes_over_without_a_new_call(page_of, who):
    a, b = enter(page_of(who.asking), who), enter(page_of(who.answering), who)
    await_media(b, 15)
    calls = [page.evaluate("window.calls.length") for page in (a, b)]
    said = a.evaluate("window.calls[0].localDescription.sdp")

    a.locator('.rm__c [data-opens="devices"]').click()
    choose(a, "camera", "back", DIALOG)
    microphone = another(a, "mic", DIALOG)
    choose(a, "mic", microphone, DIALOG)
    a.wait_for_function(f"() => ({SENT})('audio') === '{microphone}'")
    assert a.evaluate(SENT, "video") == "back"
    a.keyboard.press("Escape")
    expect(a.locator(DIALOG)).to_be_hidden()

    await_media(b, 10, count(b))
    assert [page.evaluate("window.calls.length") for page in (a, b)] == calls
    assert a.evaluate("window.calls[0].localDescription.sdp") == said


def test_a_muted_person_stays_muted_with_another_microphone(page_of, who):
    a = enter(page_of(who.asking), who)
    enter(page_of(who.answering), who)
    a.locator('[data-room="mic"]').click()
    a.locator('.rm__c [data-opens="devices"]').click()
    microphone = another(a, "mic", DIALOG)
    choose(a, "mic", microphone, DIALOG)
    track = """() => document.querySelector(".tile--me video").srcObject.getAudioTracks()
      .map((one) => [one.getSettings().deviceId, one.enabled])"""
    a.wait_for_function(f"() => ({track})()[0]?.[0] === '{microphone}'")
    assert a.evaluate(track) == [[microphone, False]]


def test_a_plug_that_is_pulled_falls_back_in_words_and_comes_back(page_of, who):
    a, b = enter(page_of(who.asking), who), enter(page_of(who.answering), who)
    await_media(b, 15)
    log = a.locator('[data-room="log"]')
    a.locator('.rm__c [data-opens="devices"]').click()
    choose(a, "camera", "back", DIALOG)
    a.wait_for_function(f"() => ({SENT})('video') === 'back'")
    speaker = another(a, "speaker", DIALOG)
    choose(a, "speaker", speaker, DIALOG)
    sink = f'.tile[data-user="{who.answering.pk}"] video'
    a.wait_for_function(f"(id) => document.querySelector('{sink}').sinkId === id", arg=speaker)
    a.keyboard.press("Escape")

    a.evaluate("window.pull('back')")
    expect(log).to_contain_text("The camera is gone; now Front camera is used.")
    assert a.evaluate(SENT, "video") == "front"
    await_media(b, 10, count(b))

    a.evaluate("window.plug('back')")
    expect(log).to_contain_text("The camera Back camera is back")
    a.wait_for_function(f"() => ({SENT})('video') === 'back'")

    a.evaluate("(id) => window.pull(id)", speaker)
    expect(log).to_contain_text("The loudspeaker is gone")
    a.wait_for_function(f"() => document.querySelector('{sink}').sinkId === ''")
    a.evaluate("(id) => window.plug(id)", speaker)
    a.wait_for_function(f"(id) => document.querySelector('{sink}').sinkId === id", arg=speaker)

    a.evaluate("window.pull('back'); window.pull('front')")
    expect(log).to_contain_text("The camera is gone; voice and pictures still work.")
    expect(a.locator('[data-room="camera"]')).to_have_attribute("aria-disabled", "true")
    a.evaluate("window.plug('front')")
    a.wait_for_function(f"() => ({SENT})('video') === 'front'")  # it was on, and is again
    expect(a.locator('[data-room="camera"]')).not_to_have_attribute("aria-disabled", "true")


def test_what_does_not_open_is_said_and_the_old_one_stays(page_of, who):
    a = enter(page_of(who.asking), who)
    enter(page_of(who.answering), who)
    a.wait_for_function("() => window.calls[0]?.connectionState === 'connected'")
    a.locator('.rm__c [data-opens="devices"]').click()
    a.evaluate("sessionStorage.setItem('pulled', JSON.stringify(['back']))")  # nobody was told
    choose(a, "camera", "back", DIALOG)
    expect(a.locator(f"{DIALOG} [data-devices-said]")).to_contain_text("No camera found")
    a.wait_for_function(f"() => ({SENT})('video') === 'front'")
    expect(a.locator(f'{DIALOG} select[data-device="camera"]')).to_have_value("front")


def test_a_phone_has_its_other_camera_under_the_thumb(browser, served, who):
    context = browser.new_context(
        base_url=served.url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
        permissions=["camera", "microphone"],
    )
    try:
        sign_in(context, who.asking, served.url)
        page = prepare(context.new_page())
        page.add_init_script(DEVICES)
        page.add_init_script("delete MediaDevices.prototype.getDisplayMedia")  # as no phone has it
        enter(page, who)
        flip = page.locator(".rm__c [data-flip]")
        expect(flip).to_be_visible()
        box = flip.bounding_box()
        assert min(box["width"], box["height"]) >= 44
        mine = "() => document.querySelector('.tile--me video').srcObject.getVideoTracks()[0]"
        for side in ("environment", "user"):
            flip.tap()
            page.wait_for_function(
                f"(side) => ({mine})()?.getSettings().facingMode === side", arg=side
            )
    finally:
        context.close()
