from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from telemed.core.models import PolicyChange
from telemed.people.models import Role
from tests.factories.people import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"  # noqa: S105


@pytest.fixture
def admin(settings):
    settings.MFA_ROLES = ["administrator"]
    return StaffFactory(role=Role.ADMINISTRATOR)


def test_a_role_that_needs_a_second_step_gets_no_further_without(client, admin):
    client.force_login(admin)
    assert client.get("/inbox/").url == reverse("mfa_index")
    assert client.get(reverse("account_logout")).status_code == 200

    Authenticator.objects.create(user=admin, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get("/inbox/").status_code == 200


def test_other_roles_go_on(client, admin):
    client.force_login(StaffFactory(role=Role.COORDINATOR))
    assert client.get("/inbox/").status_code == 200


def ruled(value, organisation=None, at=None):
    PolicyChange.objects.create(
        name="accounts.second_step",
        organisation_id=organisation and organisation.pk,
        value=value,
        effective_at=at or timezone.now() - timedelta(hours=1),
        set_by="user:test",
        reason="等保三级要求",
    )


def signed_in(client, user):
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client


def test_the_rule_of_the_house_asks_at_the_next_sign_in(client):
    doctor = StaffFactory(role=Role.SPECIALIST)
    ruled("staff", at=timezone.now() + timedelta(days=1))
    assert signed_in(client, doctor).get("/inbox/").status_code == 200  # not in force yet

    ruled("staff")
    assert client.get("/inbox/").status_code == 200  # signed in before
    later = signed_in(Client(), doctor)
    assert later.get("/inbox/").url == reverse("mfa_index")

    Authenticator.objects.create(user=doctor, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert later.get("/inbox/").status_code == 200


def test_an_institution_asks_more_than_the_province_and_never_less(client):
    strict, loose = StaffFactory(role=Role.COORDINATOR), StaffFactory(role=Role.ADMINISTRATOR)
    ruled("managing")
    ruled("staff", strict.acting_organisation)
    ruled("deployed", loose.acting_organisation)
    for person in (strict, loose):
        assert signed_in(Client(), person).get("/inbox/").url == reverse("mfa_index")
    other = StaffFactory(role=Role.COORDINATOR)
    assert signed_in(Client(), other).get("/inbox/").status_code == 200


def test_what_the_deployment_names_holds_whatever_the_rule_says(client, admin):
    ruled("deployed")
    assert signed_in(client, admin).get("/inbox/").url == reverse("mfa_index")


def test_the_page_says_how_many_have_to_set_one_up(client):
    actor = StaffFactory(role=Role.ADMINISTRATOR)
    StaffFactory(role=Role.SPECIALIST, organisation=actor.acting_organisation)
    client.force_login(actor)
    client.cookies["language"] = "en"
    sent = {"value": "staff", "reason": "等保三级要求", "seen": "0"}
    address = reverse("organisations:policy", args=["accounts.second_step"])
    page = client.post(address, sent).content.decode()
    assert "2 accounts have no second step and set one up" in page


def test_ten_wrong_passwords_lock_for_a_quarter_of_an_hour(client):
    cache.clear()
    user = UserFactory(username="wang")
    user.set_password(PASSWORD)
    user.save()

    def sign_in(password):
        sent = {"login": "wang", "password": password}
        return client.post(reverse("account_login"), sent).status_code

    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert [sign_in("wrong") for _n in range(10)] == [200] * 10
        assert sign_in(PASSWORD) == 200  # refused: locked
    with time_machine.travel(now + timedelta(minutes=15, seconds=1), tick=False):
        assert sign_in(PASSWORD) == 302
    cache.clear()
