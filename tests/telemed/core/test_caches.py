"""Rate limits hold across processes, and a dead Valkey fails nothing."""

import logging
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache, caches

from telemed.core import caches as shared
from telemed.core.caches import Shared, count
from tests.factories.people import UserFactory

PASSWORD = "a long enough phrase"  # noqa: S105
DEAD = "unix:///nowhere/valkey.sock"


@pytest.fixture(autouse=True)
def _counted_nothing():
    cache.clear()
    yield
    Shared._away_until = float("-inf")
    cache.clear()


@pytest.fixture
def valkey_is_dead(monkeypatch):
    with monkeypatch.context() as patch:
        dead = {**settings.CACHES["default"], "LOCATION": DEAD}
        patch.setitem(caches.settings, "default", dead)
        del caches["default"]
        yield
    del caches["default"]


def test_what_one_process_counts_another_sees():
    assert [count("check:10.0.0.1", seconds=60) for _ in range(3)] == [1, 2, 3]
    told = (
        "import django; django.setup(); from telemed.core.caches import count;"
        "print(count('check:10.0.0.1', seconds=60))"
    )
    other = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", told],
        env={
            "DJANGO_SETTINGS_MODULE": "telemed.settings",
            "TELEMED_REDIS_URL": settings.REDIS_URL,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == "4"


def test_a_count_ends_with_its_time():
    count("check:10.0.0.2", seconds=1)
    assert cache._cache.get_client().ttl(cache.make_key("check:10.0.0.2")) <= 1


@pytest.mark.usefixtures("valkey_is_dead")
def test_while_valkey_is_away_this_process_counts_for_itself_and_says_so(caplog):
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger=shared.__name__):
        assert [count("check:10.0.0.3", seconds=60) for _ in range(3)] == [1, 2, 3]
    assert len(caplog.records) == 1
    assert "this process alone" in caplog.text


@pytest.mark.usefixtures("valkey_is_dead")
def test_a_key_that_is_in_neither_place_counts_as_the_first(monkeypatch):
    monkeypatch.setattr(Shared, "add", lambda *args, **more: False)
    assert count("check:10.0.0.4", seconds=60) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("valkey_is_dead")
def test_nobody_is_kept_out_because_valkey_is_away(client):
    page = client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    assert page.status_code == 200
    assert client.get("/check/ABCDE-FGHJK/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("valkey", ["alive", "dead"])
def test_guessing_passwords_ends_whether_valkey_lives_or_not(client, request, valkey):
    if valkey == "dead":
        request.getfixturevalue("valkey_is_dead")
    UserFactory(username="somebody", password=make_password(PASSWORD))
    for _ in range(10):
        client.post("/accounts/login/", {"login": "somebody", "password": "wrong"})
    answer = client.post("/accounts/login/", {"login": "somebody", "password": PASSWORD})
    assert answer.status_code == 200  # even the right one has to wait
    assert "_auth_user_id" not in client.session
