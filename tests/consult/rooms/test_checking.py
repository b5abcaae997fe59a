"""The test before one enters: what counts as good enough, and what comes into the log."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from consult.rooms import frames, queries, services
from consult.rooms.lines import LIMITS, bears
from telemed.core.errors import Forbidden, Malformed
from telemed.core.frames import parse
from tests.consult.rooms.log import kinds

GOOD = {"up_kbit_s": 900, "down_kbit_s": 2000, "rtt_ms": 60, "loss": 0.0}
TRIED = {"way": "direct", "echo": "heard"}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ({}, "video"),
        ({"up_kbit_s": 200}, "video"),
        ({"up_kbit_s": 199}, "sound"),
        ({"down_kbit_s": 199}, "sound"),
        ({"rtt_ms": 801}, "sound"),
        ({"loss": 0.06}, "sound"),
        ({"up_kbit_s": 39}, "text"),
        ({"rtt_ms": 2001}, "text"),
        ({"loss": 0.21}, "text"),
        ({"up_kbit_s": 0, "down_kbit_s": 0}, "text"),
    ],
)
def test_the_worse_direction_counts_and_so_do_delay_and_loss(line, what):
    assert bears(**(GOOD | line)) == what


def test_the_page_judges_by_the_same_limits(inside, client):
    client.force_login(inside.asking)
    page = client.get(reverse("rooms:room", args=[inside.room.case_id]))
    limits = page.context["data"]["check"]["limits"]
    assert list(limits) == ["video", "sound"]  # the best first, as the page reads it
    assert limits["video"]["kbit_s"] == LIMITS["video"].kbit_s


def test_what_was_measured_is_in_the_log_once_and_judged_by_us(inside, do):
    which = {"room_id": inside.room.pk, "client_id": uuid4()}
    thin = GOOD | {"up_kbit_s": 90}
    first = do(services.note_check, inside.asking, **which, **thin, **TRIED)
    again = do(services.note_check, inside.asking, **which, **thin, **TRIED)

    assert first == again
    assert kinds(inside.room).count("ready.checked") == 1
    assert first.body == {**thin, **TRIED, "bears": "sound"}
    summed_up = do(queries.summary, inside.answering, room_id=inside.room.pk)
    told = [one for one in summed_up["events"] if one["is"] == "ready.checked"]
    assert [one["from"] for one in told] == [str(inside.asking.pk)]


def test_who_is_not_in_the_room_notes_nothing(inside, do):
    do(services.leave_room, inside.asking, room_id=inside.room.pk)
    which = {"room_id": inside.room.pk, "client_id": uuid4()}
    with pytest.raises(Forbidden):
        do(services.note_check, inside.asking, **which, **GOOD, **TRIED)


@pytest.mark.parametrize(
    "wrong",
    [
        {"up_kbit_s": -1},
        {"up_kbit_s": 1_000_001},
        {"down_kbit_s": "fast"},
        {"rtt_ms": 600_001},
        {"loss": 1.01},
        {"loss": None},
        {"way": "pigeon"},
        {"echo": "maybe"},
        {"bears": "video"},
    ],
)
def test_numbers_that_nothing_measures_are_refused(wrong):
    sent = {"do": "ready", "client_id": str(uuid4()), **GOOD, **TRIED}
    assert parse(frames.FRAMES, json.dumps(sent))
    with pytest.raises(Malformed):
        parse(frames.FRAMES, json.dumps(sent | wrong))


def test_relays_are_for_who_may_enter(inside, client, do, settings):
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:turn.example.cn"], "a secret of the tests"
    address = reverse("rooms:relays", args=[inside.room.pk])
    client.force_login(inside.asking)
    (relay,) = client.get(address).json()["servers"]
    assert relay["urls"] == ["turn:turn.example.cn"]

    do(services.end_room, inside.asking, room_id=inside.room.pk)
    assert client.get(address, headers={"Accept": "application/json"}).status_code == 410


def test_more_than_a_line_is_measured_with_is_refused_in_words(inside, client):
    inside.asking.language = "en"
    inside.asking.save()
    client.force_login(inside.asking)
    address = reverse("rooms:measure", args=[inside.room.pk])
    kind = {"content_type": "application/octet-stream"}
    assert client.post(address, b"x" * 256_000, **kind).status_code == 204
    refused = client.post(address, b"x" * 512_001, **kind, headers={"Accept": "application/json"})
    assert refused.status_code == 413
    assert "measured" in refused.json()["text"]
