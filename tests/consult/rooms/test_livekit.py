"""Our side of LiveKit's protocol, held by a server that checks it. No real LiveKit is here."""

import json
import time

import pytest

from consult.rooms.engines import Down, Refused, Unsigned, chosen
from consult.rooms.engines.livekit import LiveKit
from tests.consult.rooms.livekit import KEY, SECRET, claims_of, serving, token, told

JOINED = {
    "event": "participant_joined",
    "id": "EV_1",
    "room": {"name": "r1"},
    "participant": {"identity": "u1"},
    "createdAt": "1700000000",
}


@pytest.fixture
def livekit(loopback):
    with serving() as (adapter, server):
        yield adapter, server


def test_a_token_lets_one_person_into_one_room_for_minutes():
    adapter = LiveKit(url="wss://media.example.cn/", key=KEY, secret=SECRET)
    admission = adapter.admission("r1", "u1", speaks=True)
    claims = claims_of(admission["token"])

    assert admission["url"] == "wss://media.example.cn"
    assert (claims["iss"], claims["sub"]) == (KEY, "u1")
    assert claims["exp"] - time.time() <= admission["seconds"] <= 600
    assert claims["video"] == {
        "roomJoin": True,
        "room": "r1",
        "canSubscribe": True,
        "canPublish": True,
        "canPublishData": True,
        "canPublishSources": ["camera", "microphone"],
    }
    assert set(claims) == {"iss", "sub", "nbf", "exp", "video"}  # no name, nothing of the case


def test_who_may_not_speak_publishes_nothing():
    adapter = LiveKit(url="wss://media.example.cn", key=KEY, secret=SECRET)
    video = claims_of(adapter.admission("r1", "u1", speaks=False)["token"])["video"]
    assert (video["canPublish"], video["canPublishData"], video["canSubscribe"]) == (
        False,
        False,
        True,
    )
    assert "canPublishSources" not in video  # a list would count instead of canPublish


def test_who_may_share_a_screen_has_a_source_for_it_and_nobody_else():
    adapter = LiveKit(url="wss://media.example.cn", key=KEY, secret=SECRET)
    host = claims_of(adapter.admission("r1", "u1", speaks=True, shares=True)["token"])["video"]
    assert host["canPublishSources"] == ["camera", "microphone", "screen_share"]
    looks = claims_of(adapter.admission("r1", "u1", speaks=False, shares=True)["token"])["video"]
    assert "canPublishSources" not in looks


def test_the_pages_policy_names_the_engine_and_nothing_else():
    adapter = LiveKit(url="wss://media.example.cn:7443/sfu", key=KEY, secret=SECRET)
    assert adapter.origins == ("wss://media.example.cn:7443", "https://media.example.cn:7443")


def test_each_errand_is_one_call_with_the_grant_that_it_needs(livekit):
    adapter, server = livekit
    adapter.open("r1")
    adapter.remove("r1", "u1")
    adapter.mute("r1", "u1", "TR_1")
    adapter.close("r1")
    assert server.taken == [
        ("CreateRoom", {"name": "r1", "emptyTimeout": 600}),
        ("RemoveParticipant", {"room": "r1", "identity": "u1"}),
        (
            "MutePublishedTrack",
            {"room": "r1", "identity": "u1", "trackSid": "TR_1", "muted": True},
        ),
        ("DeleteRoom", {"room": "r1"}),
    ]


def test_who_is_gone_already_is_removed(livekit):
    adapter, server = livekit
    server.empty.add("r1")
    adapter.remove("r1", "u1")


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ((503, {"code": "unavailable"}), Down),
        ((429, {"code": "resource_exhausted"}), Down),
        ((500, {}), Down),
        ((401, {"code": "unauthenticated"}), Refused),
        ((404, {"code": "bad_route"}), Refused),
    ],
)
def test_what_may_heal_is_told_from_what_will_not(livekit, trouble, error):
    adapter, server = livekit
    server.trouble = trouble
    with pytest.raises(error):
        adapter.open("r1")


def test_an_engine_that_is_not_there_is_down(loopback):
    adapter = LiveKit(url="ws://127.0.0.1:9", key=KEY, secret=SECRET)
    with pytest.raises(Down):
        adapter.open("r1")


def test_a_wrong_secret_is_refused(livekit):
    adapter, server = livekit
    stranger = LiveKit(url=adapter.url, key=KEY, secret=KEY)
    with pytest.raises(Refused):
        stranger.open("r1")
    assert server.taken == []


ENGINE = LiveKit(url="wss://media.example.cn", key=KEY, secret=SECRET)


def test_what_the_engine_signed_is_heard():
    heard = ENGINE.hear(*told(JOINED))
    assert (heard.what, heard.room, heard.identity) == ("participant_joined", "r1", "u1")


@pytest.mark.parametrize(
    "given",
    [
        told(JOINED, secret=KEY),
        told(JOINED, body=json.dumps(JOINED | {"event": "room_finished"}).encode()),
        told(JOINED, nbf=int(time.time()) - 900, exp=int(time.time()) - 600),
        told(JOINED, iss="somebody"),
        told(JOINED, sha256=""),
        told(JOINED, exp="soon"),
        (b"{}", ""),
        (b"{}", "Bearer é.é.é"),
        (b"{}", "a.b.c"),
        (b"{}", token({"iss": KEY, "exp": time.time() + 60}, alg="none")),
    ],
    ids=["secret", "body", "old", "issuer", "no hash", "no time", "none", "odd", "junk", "alg"],
)
def test_what_it_did_not_sign_is_not(given):
    with pytest.raises(Unsigned):
        ENGINE.hear(*given)


@pytest.mark.parametrize("event", [[], 7, None, {"event": {"a": 1}, "room": [], "participant": 3}])
def test_what_it_signed_and_nobody_can_read_breaks_nothing(event):
    try:
        heard = ENGINE.hear(*told(event))
    except ValueError:
        return
    assert (heard.what, heard.room, heard.identity) == ("", "", "")


def test_half_of_the_settings_is_an_error_and_no_engine(settings):
    settings.LIVEKIT_URL, settings.LIVEKIT_KEY = "ws://media.example.cn", KEY
    settings.LIVEKIT_SECRET = ""
    assert {one.id for one in chosen.check_calls()} == {"telemed.E020", "telemed.E021"}
    settings.LIVEKIT_URL, settings.LIVEKIT_SECRET = "wss://media.example.cn", "short"
    assert {one.id for one in chosen.check_calls()} == {"telemed.E022"}
    settings.LIVEKIT_SECRET = SECRET
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:a"], ""
    assert {one.id for one in chosen.check_calls()} == {"telemed.E023"}
