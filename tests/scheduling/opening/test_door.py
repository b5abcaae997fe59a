"""The waiting page: a bare ASGI application that asks no database."""

import asyncio
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.core import signing
from django.urls import reverse

from scheduling.opening import line, looks, signed
from scheduling.opening.door import OpeningDoor
from tests.factories.people import OrganisationFactory, UserFactory
from tests.scheduling.opening.conftest import laid, later, opening_of

SESSION = "s" * 32
ACCOUNT = "0b7c9f5e-0000-7000-8000-000000000001"


class Answer:
    def __init__(self, sent):
        self.status = sent[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        self.text = sent[1]["body"].decode()
        self.cookies = {
            n: m.value for n, m in SimpleCookie(self.headers.get("set-cookie", "")).items()
        }


def look(path, cookies=None, *, method="GET", headers=(), client="10.0.0.1"):
    """One request, on a loop of its own."""
    path, _, query = path.partition("?")
    cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"cookie", cookie.encode()), *headers],
        "client": (client, 1),
    }
    sent = []

    async def send(message):
        sent.append(message)

    async def django(scope, receive, send):
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b"django"})

    async def run():
        await OpeningDoor(django)(scope, None, send)
        await line.close()

    asyncio.run(run())
    return Answer(sent)


def cookies_of(account=ACCOUNT, session=SESSION, **more):
    told = signed.Pass(account, "en", "light", False)
    return {
        settings.SESSION_COOKIE_NAME: session,
        signed.PASS: signed.write_pass(told, session),
        **more,
    }


@pytest.fixture
def opening(db, valkey):
    return laid(opening_of(OrganisationFactory(name="省医院"), since=0))


@pytest.fixture
def address(opening):
    return f"/opening/{opening.organisation.number}/"


def test_a_ticket_costs_no_query(address, opening, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = look(address, cookies_of())
    assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-store")
    assert "You have a ticket" in answer.text
    assert line.keys_of(opening.organisation.number)[0] not in answer.text
    assert opening.seed not in answer.text
    assert signed.TICKET in answer.cookies


def test_the_language_and_the_large_type_are_those_of_the_device_then_of_the_account(address):
    assert '<html lang="en"' in look(address, cookies_of()).text
    answer = look(address, cookies_of(language="zh-hans", large_type="1"))
    assert '<html lang="zh-CN" data-theme="light" data-care>' in answer.text


def test_who_is_nobody_is_sent_to_sign_in(address, opening):
    answer = look(address)
    assert (answer.status, answer.headers["location"]) == (302, f"/booking{address}")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: {**c, settings.SESSION_COOKIE_NAME: "another"},
        lambda c: {**c, signed.PASS: c[signed.PASS] + "x"},
        lambda c: {**c, signed.PASS: "nonsense"},
        lambda c: {**c, signed.PASS: signing.dumps([ACCOUNT], salt=signed.PASS)},
        lambda c: {**c, signed.PASS: signing.dumps([ACCOUNT] * 5, salt="other")},
        lambda c: {signed.PASS: c[signed.PASS]},
    ],
    ids=["copied to another session", "forged", "nonsense", "short", "another salt", "signed out"],
)
def test_a_pass_that_is_not_ones_own_is_none(address, opening, valkey, spoil):
    assert look(address, spoil(cookies_of())).status == 302
    assert valkey.zcard(line.keys_of(opening.organisation.number)[1]) == 0


def test_an_old_pass_is_none(address, monkeypatch):
    cookies = cookies_of()
    monkeypatch.setattr(signed, "VALID", -1)
    assert look(address, cookies).status == 302


def test_a_browser_without_cookies_is_told_and_not_sent_round(address):
    answer = look(address + "?in=1", {"language": "en"})
    assert answer.status == 200
    assert "keeps no cookies" in answer.text


def test_a_copied_ticket_gives_no_better_place(address, opening, valkey):
    first = look(address, cookies_of()).cookies
    later(valkey, opening, 61)
    thief = cookies_of(account="thief", **{signed.TICKET: first[signed.TICKET]})
    valkey.hset(line.keys_of(opening.organisation.number)[0], "rate", "0.0001")
    assert "after the draw" in look(address, thief).text


def test_the_ticket_of_another_opening_is_none(address, opening, valkey):
    who = line.who_is(ACCOUNT)
    old = signed.write_ticket("0b7c9f5e-0000-7000-8000-00000000000f", who, 1.0)
    later(valkey, opening, 61)
    valkey.hset(line.keys_of(opening.organisation.number)[0], "rate", "0.0001")
    assert "after the draw" in look(address, cookies_of(**{signed.TICKET: old})).text


def test_without_valkey_the_page_says_where_to_go(address, monkeypatch, caplog):
    monkeypatch.setattr(settings, "REDIS_URL", "unix:///none")
    answer = look(address, cookies_of())
    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    assert 'href="/booking/"' in answer.text
    assert "without a line" in caplog.text


def test_only_looking_is_possible(address, opening, valkey):
    assert look(address, cookies_of(), method="POST").status == 405
    assert look(address, cookies_of(), method="HEAD").text == ""
    assert valkey.zcard(line.keys_of(opening.organisation.number)[1]) == 1


@pytest.mark.parametrize(
    "path", ["/opening/", "/opening/x/", "/opening/1/x", "/opening/1234567890/", "/"]
)
def test_everything_else_is_djangos(path):
    assert look(path).status == 418


def test_the_style_is_kept_for_good_and_comes_packed():
    sheet = looks.look_of("line.css")
    answer = look(sheet.path)
    assert "immutable" in answer.headers["cache-control"]
    assert "--paper" in answer.text
    assert look("/opening/line.000000000000.js").text.startswith("// Counts")


@pytest.mark.parametrize("kind", ["127.0.0.1", "::1"])
def test_a_proxy_of_this_machine_is_no_address(address, opening, valkey, kind):
    look(address, cookies_of(), client=kind)
    assert valkey.hgetall(line.keys_of(opening.organisation.number)[3]) == {}


def test_the_address_is_the_one_that_a_trusted_proxy_names(address, opening, valkey, monkeypatch):
    monkeypatch.setattr(settings, "SECURE_PROXY_SSL_HEADER", ("X", "https"), raising=False)
    look(address, cookies_of(), headers=[(b"x-forwarded-for", b"9.9.9.9, 10.1.2.3")])
    assert valkey.hgetall(line.keys_of(opening.organisation.number)[3]) == {"10.1.2.3": "1"}


@pytest.mark.django_db
def test_signing_in_gives_the_pass_and_leads_on(client):
    user = UserFactory(language="en")
    client.force_login(user)
    answer = client.get(reverse("opening:enter", args=[7]))
    assert (answer.status_code, answer["Location"]) == (302, "/opening/7/?in=1")
    kept = answer.cookies[signed.PASS]
    assert (kept["path"], kept["httponly"]) == ("/opening/", True)
    found = signed.read_pass(kept.value, client.session.session_key)
    assert found == signed.Pass(str(user.pk), "en", "light", False)


def test_a_page_that_was_laid_out_for_all_says_to_each_their_own(address, opening, valkey):
    later(valkey, opening, 61)
    valkey.hset(line.keys_of(opening.organisation.number)[0], "rate", "0.0001")
    for n, account in enumerate(["first", "second", "third"]):
        page = look(address, cookies_of(account=account)).text
        assert f"<h1>You are number {n + 1}</h1>" in page
        assert f'<p class="no num">{n}</p>' in page
        assert line.who_is(account) in page
        assert "\ue000" not in page
        assert "99017100" not in page
