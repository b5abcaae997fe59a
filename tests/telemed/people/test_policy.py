from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

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
