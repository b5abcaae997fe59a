"""The pages on which a doctor sets, changes and replaces the signing PIN."""

import hashlib

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from telemed.core.intentions import intention
from telemed.people import signing
from telemed.people.models import Role, SigningKey
from tests.factories.people import StaffFactory, UserFactory
from tests.marks import committed

pytestmark = pytest.mark.django_db
PIN, NEW, WRONG = "246810", "135792", "975310"
PASSWORD = "a long enough phrase"  # noqa: S105
CHANGE, MAKE = "/accounts/pin/", "/accounts/pin/new/"
DIGEST = hashlib.sha256(b"an opinion").digest()


@pytest.fixture
def doctor(client):
    doctor = StaffFactory(role=Role.SPECIALIST, language="en", password=make_password(PASSWORD))
    client.force_login(doctor)
    return doctor


@pytest.fixture
def key(doctor):
    with intention(doctor, door="test"):
        return signing.create_key(user=doctor, pin=PIN)


def twice(new, **more):
    return {"new_pin": new, "new_pin_again": new, **more}


def sign(doctor, pin):
    with intention(doctor, door="test"):
        return signing.sign(user=doctor, pin=pin, digest=DIGEST)


def enter_password(client):
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": MAKE})


def test_another_pin_opens_the_same_key(client, doctor, key):
    page = client.get(CHANGE).content.decode()
    assert page.index("6 to 12 digits") < page.index('name="new_pin"')  # said before one types

    answer = client.post(CHANGE, twice(NEW, pin=PIN), follow=True)

    assert "The PIN is changed" in answer.content.decode()
    assert sign(doctor, NEW).key_id == str(key.pk)
    with pytest.raises(signing.WrongPin):
        sign(doctor, PIN)


@committed
def test_a_wrong_pin_is_counted_and_the_fifth_is_refused_with_a_wait(client, doctor, key):
    for left in (4, 3, 2, 1):
        page = client.post(CHANGE, twice(NEW, pin=WRONG), follow=True).content.decode()
        assert f"{left} tr" in page
    page = client.post(CHANGE, twice(NEW, pin=WRONG), follow=True).content.decode()
    assert "locked for a while" in page
    page = client.post(CHANGE, twice(NEW, pin=PIN), follow=True).content.decode()
    assert "locked until" in page
    with pytest.raises(signing.PinLocked):
        sign(doctor, PIN)


@committed
def test_a_wrong_pin_here_counts_for_signing_too(client, doctor, key):
    client.post(CHANGE, twice(NEW, pin=WRONG))
    assert SigningKey.objects.get().failures == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (twice("12345", pin=PIN), "6 to 12 digits"),
        (twice("123456", pin=PIN), "too easily guessed"),
        (twice("987654", pin=PIN), "too easily guessed"),
        (twice("444444", pin=PIN), "too easily guessed"),
        (twice(PIN, pin=PIN), "the PIN you have"),
        ({"pin": PIN, "new_pin": NEW, "new_pin_again": WRONG}, "not the same"),
        (twice(NEW), "Enter your present PIN"),
        ({"pin": PIN, "new_pin": NEW}, "once more"),
    ],
)
def test_a_bad_pin_is_refused_at_its_field_and_changes_nothing(client, doctor, key, sent, said):
    page = client.post(CHANGE, sent, follow=True)
    assert said in page.content.decode()
    assert f'value="{NEW}"' not in page.content.decode()
    assert NEW not in str(dict(client.session))  # no PIN waits anywhere
    assert sign(doctor, PIN)


def test_a_first_pin_asks_for_the_password_once_more(client, doctor):
    assert client.get(CHANGE).url == MAKE
    assert client.get(MAKE).url.startswith(reverse("account_reauthenticate"))
    assert client.post(MAKE, twice(NEW)).url == MAKE
    assert "account_reauthentication_state" not in client.session  # nor does the PIN wait in it
    assert not SigningKey.objects.exists()

    assert enter_password(client).url == MAKE
    client.post(MAKE, twice(NEW))

    assert sign(doctor, NEW)


def test_a_forgotten_pin_makes_a_new_key_and_earlier_signatures_stay_valid(client, doctor, key):
    before = sign(doctor, PIN)
    enter_password(client)
    assert "stays valid" in client.get(MAKE).content.decode()

    client.post(MAKE, twice(NEW))

    assert signing.verify(before.public_key, before.signature, DIGEST)
    assert sign(doctor, NEW).key_id != before.key_id
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_the_password_counts_for_five_minutes(client, doctor, key):
    with time_machine.travel("2026-11-24T09:00:00+08:00") as clock:
        enter_password(client)
        clock.shift(301)
        assert client.post(MAKE, twice(NEW)).url == MAKE
    assert SigningKey.objects.get().revoked_at is None


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OFFICIAL, None])
@pytest.mark.parametrize("path", [CHANGE, MAKE])
def test_who_signs_nothing_has_no_pin(client, role, path):
    client.force_login(StaffFactory(role=role) if role else UserFactory())
    assert client.get(path).status_code == 403
    assert client.post(path, twice(NEW)).status_code == 303
    assert not SigningKey.objects.exists()


def test_the_account_menu_leads_there(client, doctor):
    assert f'href="{CHANGE}"' in client.get("/inbox/").content.decode()


def test_another_cost_later_breaks_no_key(doctor, key, monkeypatch):
    monkeypatch.setattr(signing, "ARGON2", {"time_cost": 2, "memory_cost": 128, "parallelism": 1})
    assert sign(doctor, PIN)
    with intention(doctor, door="test"):
        signing.change_pin(user=doctor, pin=PIN, new=NEW)
    key.refresh_from_db()
    assert (key.time_cost, key.memory_cost, key.parallelism) == (2, 128, 1)
    assert sign(doctor, NEW)


def test_a_key_from_before_the_costs_were_kept_has_those_of_then():
    defaults = {f.name: f.default for f in SigningKey._meta.fields}
    kept = {name: defaults[name] for name in signing.ARGON2}
    assert kept == {"time_cost": 3, "memory_cost": 65_536, "parallelism": 4}
