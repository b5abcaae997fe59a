"""On one browser several doctors change over with their PIN: who, how, and who never."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core import policies
from telemed.core.intentions import System, intention
from telemed.core.sockets import account_of
from telemed.desks import rules
from telemed.desks.models import Desk, Seat
from telemed.people import signing
from telemed.people.models import PractitionerRole, Role, SigningKey
from telemed.people.services import disable_account
from telemed.staff.services.accounts import end_sessions
from tests.factories.people import ClinicFactory, StaffFactory

pytestmark = pytest.mark.django_db
PINS = {"a": "246810", "b": "135792"}
WRONG = "975310"
DESK, JOIN, LEAVE = (reverse(f"desks:{name}") for name in ("desk", "join", "leave"))
JSON = {"accept": "application/json"}


@pytest.fixture
def clinic():
    return ClinicFactory()


def doctor(clinic, pin, role=Role.TOWNSHIP_DOCTOR, **more):
    user = StaffFactory(
        role=role, organisation=clinic, language="en", password=make_password("x" * 12), **more
    )
    with intention(user, door="test"):
        signing.create_key(user=user, pin=pin)
    return user


@pytest.fixture
def a(clinic):
    return doctor(clinic, PINS["a"], name="杨文秀")


@pytest.fixture
def b(clinic):
    return doctor(clinic, PINS["b"], name="吴建国")


@pytest.fixture
def shared(client, a, b):
    """Both signed in on this browser today, and took a place; now `b` sits there."""
    client.cookies["language"] = "en"
    for user in (a, b):
        client.force_login(user)
        assert client.post(JOIN).status_code == 302
    return client


def seat_of(user):
    return Seat.objects.get(user=user, ended_at=None)


def change(client, user, pin):
    return client.post(DESK, {"seat": str(seat_of(user).pk), "pin": pin}, headers=JSON)


def who(client):
    return client.get(DESK).wsgi_request.user


def test_they_change_over_with_the_pin_and_the_one_who_left_has_no_session(shared, a, b):
    key = shared.session.session_key
    assert account_of(key) == b

    answer = change(shared, a, PINS["a"])

    assert answer.url == "/"
    assert who(shared) == a
    assert not account_of(key).is_authenticated  # their sockets find nobody, and close
    assert not Session.objects.filter(session_key=key).exists()
    assert change(shared, b, PINS["b"]).status_code == 302  # and back
    assert who(shared) == b


def test_the_sockets_of_who_left_are_told_at_once(shared, a, b, monkeypatch):
    rung = []
    monkeypatch.setattr(
        "telemed.desks.views.ring_group", lambda group, **message: rung.append(group)
    )
    change(shared, a, PINS["a"])
    assert rung == [f"account.{b.pk}"]


def test_what_stood_in_the_session_before_is_gone(shared, a):
    session = shared.session
    session["draft"] = "of b"
    session.save()
    token = shared.get(DESK).context["csrf_token"]

    change(shared, a, PINS["a"])

    assert "draft" not in shared.session
    assert str(shared.get(DESK).context["csrf_token"]) != str(token)


def test_the_audit_says_who(shared, a, b):
    change(shared, a, WRONG)
    change(shared, a, PINS["a"])

    wrong = AuditRow.objects.get(action="desk.wrong_pin")
    assert (wrong.actor_id, wrong.target) == (b.actor_id, f"User/{a.pk}")
    assert AuditRow.objects.get(action="desk.take_over").actor_id == a.actor_id


def test_five_wrong_pins_lock_and_then_the_right_one_opens_nothing(shared, a, b):
    for _n in range(signing.ATTEMPTS):
        assert change(shared, a, WRONG).status_code == 403

    assert SigningKey.objects.get(user=a).locked_until
    assert change(shared, a, PINS["a"]).status_code == 403
    assert who(shared) == b
    with time_machine.travel(timezone.now() + signing.LOCKED_FOR + timedelta(seconds=1)):
        assert change(shared, a, PINS["a"]).status_code == 302


def test_a_right_pin_takes_the_count_back(shared, a, b):
    change(shared, a, WRONG)
    change(shared, a, PINS["a"])

    assert SigningKey.objects.get(user=a).failures == 0


def test_another_browser_opens_nothing(shared, a):
    other = Client()
    answer = other.post(DESK, {"seat": str(seat_of(a).pk), "pin": PINS["a"]}, headers=JSON)

    assert answer.status_code == 404
    other.cookies["desk"] = "guessed"
    assert change(other, a, PINS["a"]).status_code == 404


def test_a_place_at_another_desk_is_not_this_ones(shared, a, clinic):
    third = doctor(clinic, "864209")
    elsewhere = Client()
    elsewhere.force_login(third)
    elsewhere.post(JOIN)
    assert Desk.objects.count() == 2

    assert change(shared, third, "864209").status_code == 404


def test_tomorrow_the_password_comes_first(shared, a, b):
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert change(shared, a, PINS["a"]).status_code == 404
        shared.force_login(b)
        assert shared.post(JOIN).status_code == 302
        assert seat_of(b).day == timezone.localdate()


def test_the_desk_can_be_left_for_now_and_opened_by_a_pin(shared, a, b):
    assert shared.post(LEAVE).status_code == 302
    assert not who(shared).is_authenticated
    page = shared.get(DESK)
    assert {seat.user for seat in page.context["others"]} == {a, b}

    assert change(shared, b, PINS["b"]).status_code == 302
    assert who(shared) == b


def test_signing_out_gives_the_place_up(shared, b):
    shared.post(reverse("account_logout"))

    assert not Seat.objects.filter(user=b, ended_at=None).exists()


def test_a_place_is_given_up_from_anywhere_and_what_its_pin_opened_ends(shared, a, b):
    change(shared, a, PINS["a"])
    at_home = Client()
    at_home.force_login(a)
    assert [seat.user for seat in at_home.get(DESK).context["elsewhere"]] == [a]

    at_home.post(reverse("desks:end", args=[seat_of(a).pk]))

    assert not who(shared).is_authenticated
    assert not Seat.objects.filter(user=a, ended_at=None).exists()


def test_nobody_gives_up_anothers_place(shared, a):
    answer = shared.post(reverse("desks:end", args=[seat_of(a).pk]), headers=JSON)

    assert answer.status_code == 404
    assert seat_of(a)


def test_a_pin_gives_no_new_place(shared, a):
    change(shared, a, PINS["a"])
    shared.post(reverse("desks:end", args=[seat_of(a).pk]))
    assert not who(shared).is_authenticated  # it ended with its place

    shared.force_login(a)
    session = shared.session
    session["by_pin"] = True
    session.save()
    assert shared.post(JOIN, headers=JSON).status_code == 403


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.COORDINATOR])
def test_who_keeps_accounts_or_reviews_never_shares(client, clinic, role):
    user = doctor(clinic, PINS["a"], role=role)
    client.force_login(user)

    assert client.post(JOIN, headers=JSON).status_code == 403
    assert not Seat.objects.exists()


def test_a_doctor_who_is_an_administrator_elsewhere_never_shares(shared, a, b, clinic):
    PractitionerRole.objects.create(
        user=a,
        organisation=ClinicFactory(),
        role=Role.ADMINISTRATOR,
        ends_on=timezone.localdate() + timedelta(days=30),
    )

    assert change(shared, a, PINS["a"]).status_code == 404
    client = Client()
    client.force_login(a)
    assert client.post(JOIN, headers=JSON).status_code == 403


def test_the_institution_may_forbid_it(shared, a, clinic):
    assert policies.value(rules.SHARED, clinic.pk) is True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("telemed.desks.queries.policies.value", lambda rule, *_: False)
        assert change(shared, a, PINS["a"]).status_code == 404
        assert shared.post(JOIN, headers=JSON).status_code == 403


def test_without_a_pin_there_is_no_place(client, clinic):
    client.force_login(StaffFactory(role=Role.TOWNSHIP_DOCTOR, organisation=clinic))

    assert client.post(JOIN, headers=JSON).status_code == 409


def test_a_closed_account_is_gone_from_the_desk(shared, a):
    with intention(System("test"), door="test"):
        disable_account(actor=System("test"), account=a)

    assert change(shared, a, PINS["a"]).status_code == 404


def test_who_is_signed_out_everywhere_has_no_place_left(shared, a):
    with intention(System("test"), door="test"):
        end_sessions(user=a)

    assert not Seat.objects.filter(user=a, ended_at=None).exists()


def test_the_page_says_what_is_wrong_and_keeps_who_was_chosen(shared, a):
    page = shared.post(DESK, {"seat": str(seat_of(a).pk), "pin": WRONG}, follow=True)

    text = page.content.decode()
    assert "The PIN is wrong." in text
    assert WRONG not in text
    assert "Choose who you are." in shared.post(DESK, {"pin": WRONG}, follow=True).content.decode()
