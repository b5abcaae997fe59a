"""The first page says which referrals wait; it never calls somebody up to date who is not."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories.referrals import accepted, declined, missed, sent

pytestmark = pytest.mark.django_db
HOME, LIST = reverse("web:home"), reverse("referrals:list")


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["language"] = "en"
    with translation.override("en"):
        yield


def home(client, user):
    client.force_login(user)
    return client.get(HOME)


def test_what_came_back_to_the_sender_waits_on_their_first_page(client):
    found = declined()
    page = home(client, found.sender)
    [need] = page.context["also"]
    assert (need.text, need.url, need.late) == ("1 referral waits for you", LIST, False)
    assert need.text in page.text
    assert "Nothing waits for you" not in page.text
    assert "You are up to date." not in page.text


def test_a_patient_who_did_not_come_is_red(client):
    [need] = home(client, missed().sender).context["also"]
    assert need.late


def test_who_is_asked_sees_it_and_who_asked_waits(client):
    found = sent()
    for user in (found.coordinator, found.doctor):
        assert "1 referral waits for you" in home(client, user).text
    page = home(client, found.sender)
    assert page.context["also"] == []
    assert "You are up to date." in page.text


def test_what_is_settled_waits_for_nobody(client):
    found = accepted()
    for user in (found.sender, found.coordinator):
        assert home(client, user).context["also"] == []
