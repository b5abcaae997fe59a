"""How somebody wants to be reached, and proof of a number or an address."""

from datetime import timedelta

import pytest
import time_machine

from telemed.core import secrecy
from telemed.notifications import gateways
from telemed.notifications.gateways import Down
from telemed.notifications.models import Channel, Code, Preference
from telemed.people.models import User
from tests.factories.people import StaffFactory
from tests.telemed.notifications.conftest import NOON

pytestmark = pytest.mark.django_db
REACH = "/inbox/reach/"
NUMBER = "13900000009"
CHOSEN = {"channel": "email", "quiet": "on", "quiet_from": "21:30", "quiet_until": "06:30"}


@pytest.fixture
def me(client):
    me = StaffFactory(language="en")
    client.force_login(me)
    return me


def ask(client, channel="sms", address=NUMBER):
    return client.post(f"{REACH}code/", {"channel": channel, "address": address})


def answer(client, code, channel="sms"):
    return client.post(f"{REACH}confirm/", {"channel": channel, "code": code})


def sent_code():
    return secrecy.decrypt(bytes(Code.objects.latest("id").sealed), purpose=Code.PURPOSE)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_choices_are_kept(client, me):
    assert client.post(REACH, {**CHOSEN, "urgent_only": "on"}).status_code == 302
    kept = Preference.objects.get(user=me)
    assert (kept.channel, kept.quiet, kept.urgent_only) == ("email", True, True)
    assert f"{kept.quiet_from:%H:%M}" == "21:30"
    assert client.get(REACH).status_code == 200


@pytest.mark.parametrize("changed", [{"channel": "phone"}, {"quiet_from": "25:00"}])
def test_choices_that_are_none_are_refused(client, me, changed):
    assert client.post(REACH, CHOSEN | changed).status_code == 422
    assert not Preference.objects.exists()


def test_the_code_that_came_to_the_number_verifies_it(client, me, sms):
    assert ask(client).status_code == 302
    assert len(sms.taken) == 1
    page = client.get(REACH).content.decode()
    assert f"Code that was sent to {NUMBER}" in page
    answer(client, sent_code())
    me.refresh_from_db()
    assert (me.phone, me.phone_verified) == (NUMBER, True)
    assert "verified" in client.get(REACH).content.decode()


def test_an_address_is_verified_in_the_same_way(client, me):
    ask(client, "email", "zhou@example.cn")
    answer(client, sent_code(), "email")
    assert User.objects.get(pk=me.pk).email == "zhou@example.cn"
    assert Preference.objects.get(user=me).verified_email == "zhou@example.cn"


def test_five_wrong_codes_end_it_even_for_the_right_one(client, me, sms):
    ask(client)
    right = sent_code()
    for _ in range(5):
        assert answer(client, wrong(right)).status_code == 403
    assert answer(client, right).status_code == 409
    me.refresh_from_db()
    assert not me.phone_verified


def test_a_code_is_good_for_five_minutes_and_once(client, me, sms):
    with time_machine.travel(NOON, tick=False) as now:
        ask(client)
        now.shift(timedelta(minutes=5, seconds=1))
        assert answer(client, sent_code()).status_code == 409
        ask(client)
        assert answer(client, sent_code()).status_code == 302
        assert answer(client, sent_code()).status_code == 409


def test_codes_are_not_for_bombing(client, me, sms):
    with time_machine.travel(NOON, tick=False) as now:
        ask(client)
        assert ask(client).status_code == 409
        for _ in range(4):
            now.shift(timedelta(minutes=2))
            assert ask(client).status_code == 302
        now.shift(timedelta(minutes=2))
        assert ask(client).status_code == 409
        # Nor by way of another account at the same number.
        client.force_login(StaffFactory())
        assert ask(client).status_code == 409
    assert len(sms.taken) == 5


@pytest.mark.parametrize(
    ("channel", "address", "status"),
    [
        ("sms", "12345", 422),
        ("sms", "zhou@example.cn", 422),
        ("email", NUMBER, 422),
        ("phone", NUMBER, 400),
        ("sms", "", 400),
    ],
)
def test_what_is_no_number_or_address_gets_no_code(client, me, sms, channel, address, status):
    assert ask(client, channel, address).status_code == status
    assert not Code.objects.exists()


def test_a_code_of_another_account_is_of_no_use(client, me, sms):
    ask(client)
    code = sent_code()
    client.force_login(StaffFactory())
    assert answer(client, code).status_code == 409


def test_the_code_lies_nowhere_in_clear(client, me, sms):
    ask(client)
    row = Code.objects.get()
    assert sent_code().encode() not in bytes(row.sealed)


def test_a_gateway_that_is_down_is_said(client, me, monkeypatch):
    class Silent:
        def send(self, message):
            raise Down("no answer")

    monkeypatch.setitem(gateways._connected, Channel.SMS, Silent())
    assert ask(client).status_code == 503
