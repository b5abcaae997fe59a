"""
A room that a media engine carries, seen from the page.

A stand-in plays LiveKit's client; the real one is held to the names that we use, and to the door
that it knocks at. No real LiveKit server is here.
"""

import asyncio
import threading
from contextlib import ExitStack, contextmanager
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from websockets.asyncio.server import serve

from consult.rooms.models import MediaErrand, Room, RoomEvent
from consult.rooms.services import join_room, share_screen
from consult.rooms.services.log import append, lock_room
from telemed.core.intentions import System, intention
from tests.browser.conftest import sign_in
from tests.browser.room_server import running
from tests.browser.test_devices import DEVICES
from tests.browser.test_room import enter
from tests.browser.test_screen import MADE, share
from tests.consult.rooms.livekit import KEY, SECRET, claims_of
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed
NAME = "the-name-of-a-room-at-the-engine"
KEYED = {"client_id": uuid4()}

# As much of LiveKit's client as sfu.js uses, on a good line; nothing leaves the page.
STAND_IN = """
  const RoomEvent = Object.fromEntries(
    ["ParticipantConnected", "ParticipantDisconnected", "TrackSubscribed", "TrackUnsubscribed",
     "TrackMuted", "TrackUnmuted", "TrackPublished", "DataReceived", "Reconnecting", "Reconnected",
     "Disconnected"].map((name) => [name, name]));
  const line = () => new Map([["pair", {
    id: "pair", type: "candidate-pair", state: "succeeded", nominated: true, bytesSent: Date.now(),
    bytesReceived: Date.now(), availableOutgoingBitrate: 900000, currentRoundTripTime: 0.05,
  }]]);
  class Room {
    constructor(options) {
      this.options = options; this.state = "disconnected"; this.heard = {};
      this.remoteParticipants = new Map(); this.published = []; this.said = [];
      this.replaced = [];
      window.engine = this;
      this.localParticipant = {
        publishTrack: async (track, options) => {
          const local = {
            isMuted: false, mediaStreamTrack: track, getRTCStatsReport: async () => line(),
            mute: async () => { local.isMuted = true; },
            unmute: async () => { local.isMuted = false; },
          };
          local.replaceTrack = async (track, own) => {
            local.mediaStreamTrack = track; this.replaced.push([track.kind, own]);
          };
          const publication = { track: local, kind: track.kind, options };
          this.published.push(publication);
          return publication;
        },
        unpublishTrack: async (track) => {
          this.published = this.published.filter((one) => one.track.mediaStreamTrack !== track);
        },
        publishData: async (payload, options) => {
          this.said.push([JSON.parse(new TextDecoder().decode(payload)), options]);
        },
      };
    }
    on(name, heard) { (this.heard[name] ||= []).push(heard); return this; }
    emit(name, ...facts) { for (const heard of this.heard[name] || []) heard(...facts); }
    async connect(url, token) {
      if (window.engineIsAway) throw new Error("away");
      this.at = { url, token }; this.state = "connected";
    }
    async disconnect() { this.state = "disconnected"; this.emit("Disconnected"); }
    // For the test: somebody comes, with a picture.
    come(identity, source = "camera") {
      const canvas = document.createElement("canvas");
      canvas.getContext("2d").fillRect(0, 0, 9, 9);
      const track = canvas.captureStream(5).getVideoTracks()[0];
      const remote = { mediaStreamTrack: track, getRTCStatsReport: async () => new Map() };
      const publication = {
        kind: "video", isMuted: false, track: remote, subscribed: true, source,
        setSubscribed: (on) => { publication.subscribed = on; },
      };
      const participant = { identity, trackPublications: new Map([["TR_1", publication]]) };
      this.remoteParticipants.set(identity, participant);
      this.emit("ParticipantConnected", participant);
      this.emit("TrackSubscribed", remote, publication, participant);
    }
    tell(identity, message) {
      const payload = new TextEncoder().encode(JSON.stringify(message));
      this.emit("DataReceived", payload, this.remoteParticipants.get(identity), 0, "room");
    }
  }
  const Source = { Camera: "camera", Microphone: "microphone", ScreenShare: "screen_share" };
  globalThis.LivekitClient = { Room, RoomEvent, Track: { Source } };
"""
LOCAL = "() => window.engine?.published.map((one) => [one.kind, one.options.source])"


@pytest.fixture
def at_engine(browser, tmp_path, transactional_db):
    """at_engine(url): a room that is at the engine, and a way to open windows onto it."""
    who = scene()
    who.asking.language = "en"
    who.asking.save()
    Room.objects.filter(pk=who.room.pk).update(engine_room=NAME)
    with ExitStack() as stack:

        def open_at(url, stand_in=STAND_IN):
            given = {"URL": url, "KEY": KEY, "SECRET": SECRET}
            variables = {f"TELEMED_LIVEKIT_{name}": value for name, value in given.items()}
            server = stack.enter_context(running(tmp_path, **variables))

            def window(user):
                context = browser.new_context(
                    base_url=server.url, locale="zh-CN", permissions=["camera", "microphone"]
                )
                stack.callback(context.close)
                sign_in(context, user, server.url)
                page = context.new_page()
                if stand_in:
                    script = {"body": stand_in, "content_type": "text/javascript"}
                    page.route("**/livekit-client.umd*.js", lambda route: route.fulfill(**script))
                return page

            return window

        yield who, open_at


def test_a_room_at_the_engine_looks_like_any_other(at_engine):
    who, open_at = at_engine
    window = open_at("wss://media.example.cn")
    town, hub = window(who.asking), window(who.answering)
    enter(hub, who)
    enter(town, who)

    town.wait_for_function("() => window.engine?.state === 'connected'")
    at = town.evaluate("window.engine.at")
    claims = claims_of(at["token"])
    assert at["url"] == "wss://media.example.cn"
    assert (claims["sub"], claims["video"]["room"]) == (str(who.asking.pk), NAME)
    town.wait_for_function(f"() => ({LOCAL})().length === 2")
    assert town.evaluate(LOCAL) == [["audio", "microphone"], ["video", "camera"]]

    them = str(who.answering.pk)
    town.evaluate("(them) => window.engine.come(them)", them)
    tile = town.locator(f'.tile[data-user="{them}"]')
    expect(tile.locator("video")).not_to_have_class("face vh", timeout=15_000)
    assert tile.locator("video").evaluate("(v) => v.srcObject.getVideoTracks().length") == 1

    # A bad line there: stills in place of the picture, and the ladder's words
    town.evaluate("(them) => window.engine.tell(them, { rung: 'audio' })", them)
    expect(tile.locator('[data-tile="face"]')).to_be_visible()

    # Our own switch: what goes out is muted, what comes in is not asked for, our tile stays
    town.locator('[data-rung="audio"] button').click()
    town.wait_for_function("() => window.engine.published[1].track.isMuted")
    assert not town.evaluate("[...window.engine.remoteParticipants.values()][0]"
                             ".trackPublications.get('TR_1').subscribed")  # fmt: skip
    said = town.evaluate("window.engine.said.at(-1)")
    assert said[0]["rung"] == "audio"
    assert said[1]["topic"] == "room"
    mine = town.locator(f'.tile[data-user="{who.asking.pk}"] video')
    assert mine.evaluate("(v) => v.srcObject.getVideoTracks()[0].enabled")


def test_a_screen_goes_to_the_engine_as_a_source_of_its_own_and_a_device_is_replaced(at_engine):
    who, open_at = at_engine
    town = open_at("wss://media.example.cn")(who.asking)
    town.add_init_script(DEVICES)
    town.add_init_script(MADE)
    enter(town, who)
    town.wait_for_function(f"() => ({LOCAL})()?.length === 2")

    town.locator('.rm__c [data-opens="devices"]').click()
    town.locator('#devices select[data-device="camera"]').select_option("back")
    town.wait_for_function("() => window.engine.replaced.length === 1")
    assert town.evaluate("window.engine.replaced") == [["video", True]]
    assert town.evaluate(LOCAL) == [["audio", "microphone"], ["video", "camera"]]
    town.keyboard.press("Escape")

    share(town)
    town.wait_for_function(f"() => ({LOCAL})().length === 3")
    screen = "window.engine.published.find((one) => one.options.source === 'screen_share')"
    assert town.evaluate(f"{screen}.track.mediaStreamTrack.contentHint") == "detail"
    assert town.evaluate(f"{screen}.options.videoEncoding.maxFramerate") <= 10
    muted = "window.engine.published.map((one) => one.track.isMuted)"
    in_its_place = "[false,true,false]"  # in place of the camera's picture
    town.wait_for_function(f"() => JSON.stringify({muted}) === '{in_its_place}'")
    town.locator('[data-rung="audio"] button').click()  # the ladder governs it too
    town.wait_for_function(f"() => {muted}[2]")
    town.locator('[data-room="auto"]').click()

    town.locator('[data-room="unshare"]').click()
    town.wait_for_function(f"() => ({LOCAL})().length === 2")
    town.wait_for_function(f"() => !{muted}[1]")


def test_somebodys_screen_at_the_engine_has_the_large_place(at_engine):
    who, open_at = at_engine
    town = open_at("wss://media.example.cn")(who.asking)
    enter(town, who)
    town.wait_for_function("() => window.engine?.state === 'connected'")
    connection = uuid4()
    for service, more in ((join_room, {"connection": connection}), (share_screen, KEYED)):
        with intention(who.answering, door="test"):
            service(actor=who.answering, room_id=who.room.pk, **more)
    town.evaluate("(them) => window.engine.come(them, 'screen_share')", str(who.answering.pk))
    expect(town.locator('[data-room="screen"]')).to_contain_text(who.answering.name)
    expect(town.locator('[data-room="screen"] video')).to_be_visible(timeout=10_000)


def move(room, name, why):
    with intention(System("test"), door="test"):
        found = lock_room(room.pk)
        found.engine_room = name
        found.save()
        append(found, "media.moved", engine="livekit" if name else "mesh", why=why)


def test_an_engine_that_is_away_is_doubted_and_the_room_goes_on_as_a_mesh(at_engine):
    who, open_at = at_engine
    window = open_at("wss://media.example.cn")
    pages = [window(who.asking), window(who.answering)]
    for page in pages:
        page.add_init_script("window.engineIsAway = true")
        enter(page, who)
    pages[0].wait_for_function("() => window.engine && window.engine.state !== 'connected'")
    for _ in range(50):
        if MediaErrand.objects.filter(kind="open").exists():
            break
        pages[0].wait_for_timeout(100)
    assert MediaErrand.objects.get().engine_room == NAME

    move(who.room, "", "away")

    expect(pages[0].locator('[data-room="log"]')).to_contain_text("reach four")
    for page in pages:
        tile = page.locator(".tile video:not(.vh)")
        expect(tile).to_have_count(2, timeout=15_000)  # both pictures, from page to page
    assert RoomEvent.objects.filter(kind="chat.posted").count() == 0


def test_a_mesh_moves_to_the_engine_when_the_room_says_so(at_engine):
    who, open_at = at_engine
    Room.objects.filter(pk=who.room.pk).update(engine_room="")
    window = open_at("wss://media.example.cn")
    town, hub = window(who.asking), window(who.answering)
    for page in (town, hub):
        enter(page, who)
    for page in (town, hub):
        expect(page.locator(".tile video:not(.vh)")).to_have_count(2, timeout=15_000)
        assert page.evaluate("window.engine === undefined")

    move(who.room, NAME, "crowded")

    for page, user in ((town, who.asking), (hub, who.answering)):
        page.wait_for_function("() => window.engine?.state === 'connected'")
        claims = claims_of(page.evaluate("window.engine.at.token"))
        assert (claims["sub"], claims["video"]["room"]) == (str(user.pk), NAME)
    expect(town.locator('[data-room="log"]')).to_contain_text("media server")
    expect(town.locator(".tile video:not(.vh)")).to_have_count(1)  # nobody else is there yet


@contextmanager
def knocked():
    """(port, heard): a door that writes down who knocks, and opens to nobody."""
    heard, started, over = [], threading.Event(), threading.Event()
    port = []

    async def main():
        async def refuse(_connection, request):
            heard.append(request.path)
            return _connection.respond(503, "away\n")

        async with serve(lambda _c: None, "127.0.0.1", 0, process_request=refuse) as server:
            port.append(server.sockets[0].getsockname()[1])
            started.set()
            while not over.is_set():
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    started.wait(10)
    try:
        yield port[0], heard
    finally:
        over.set()
        thread.join()


def test_the_real_client_has_what_we_use_and_knocks_with_our_token(at_engine):
    who, open_at = at_engine
    with knocked() as (port, heard):
        page = open_at(f"ws://127.0.0.1:{port}", stand_in="")(who.asking)
        enter(page, who)
        for _ in range(100):
            if heard:
                break
            page.wait_for_timeout(100)
    asked = urlsplit(heard[0])
    assert asked.path.startswith("/rtc")
    claims = claims_of(parse_qs(asked.query)["access_token"][0])
    assert (claims["iss"], claims["video"]["room"]) == (KEY, NAME)

    lacking = page.evaluate(
        """() => {
          const { Room, RoomEvent, Track, LocalVideoTrack, RemoteTrackPublication } = LivekitClient;
          const events = ["ParticipantConnected", "ParticipantDisconnected", "TrackSubscribed",
            "TrackUnsubscribed", "TrackMuted", "TrackUnmuted", "TrackPublished", "DataReceived",
            "Reconnecting", "Reconnected", "Disconnected"].filter((name) => !RoomEvent[name]);
          const room = new Room();
          const has = {
            connect: room.connect, disconnect: room.disconnect, on: room.on,
            others: room.remoteParticipants instanceof Map,
            idle: room.state === "disconnected",
            publishTrack: room.localParticipant.publishTrack,
            publishData: room.localParticipant.publishData,
            camera: Track.Source.Camera === "camera",
            microphone: Track.Source.Microphone === "microphone",
            screen: Track.Source.ScreenShare === "screen_share",
            unpublishTrack: room.localParticipant.unpublishTrack,
            replace: LocalVideoTrack.prototype.replaceTrack,
            mute: LocalVideoTrack.prototype.mute, unmute: LocalVideoTrack.prototype.unmute,
            report: LocalVideoTrack.prototype.getRTCStatsReport,
            subscribe: RemoteTrackPublication.prototype.setSubscribed,
          };
          return [...events, ...Object.keys(has).filter((name) => !has[name])];
        }"""
    )
    assert lacking == []


def test_a_mesh_never_loads_the_engines_client(page_as):
    who = scene()
    page = page_as(who.asking)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    enter(page, who)
    expect(page.locator(".tile")).to_have_count(1)
    assert any("rooms/sfu" in url for url in asked)
    assert not any("livekit-client" in url for url in asked)
