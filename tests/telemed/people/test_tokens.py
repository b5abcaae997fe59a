from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core.errors import Forbidden, Invalid
from telemed.people import tokens
from telemed.people.models import AccessToken, Application
from tests.factories.people import OrganisationFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def application():
    return Application.objects.create(
        name="HIS", organisation=OrganisationFactory(), scopes="system/*.rs"
    )


def issue(by, holder, lifetime=HOUR):
    with by(holder):
        return tokens.issue_token(holder=holder, scopes="user/*.rs", lifetime=lifetime)


def test_a_token_finds_its_account_and_scopes(by, stranger):
    found = tokens.find_token(issue(by, stranger))
    assert (found.user, found.application, found.scopes) == (stranger, None, "user/*.rs")


def test_a_token_finds_its_application(by, application):
    assert tokens.find_token(issue(by, application)).application == application


def test_the_raw_token_is_kept_nowhere(by, stranger):
    raw = issue(by, stranger)
    assert raw not in str(AccessToken.objects.values().get())
    assert raw not in str(list(AuditRow.objects.values()))


@pytest.mark.parametrize("raw", ["", "x", "ü" * 500])
def test_anything_else_finds_nothing(raw):
    assert tokens.find_token(raw) is None


def test_a_token_dies_at_its_time(by, stranger):
    raw = issue(by, stranger)
    with time_machine.travel(timezone.now() + HOUR):
        assert tokens.find_token(raw) is None


def test_a_revoked_token_is_dead(by, stranger):
    raw = issue(by, stranger)
    with by(stranger):
        tokens.revoke_token(token=tokens.find_token(raw))
    assert tokens.find_token(raw) is None


def test_closing_the_account_kills_its_tokens(by, stranger):
    raw = issue(by, stranger)
    stranger.is_active = False
    stranger.save()
    assert tokens.find_token(raw) is None


def test_a_closed_application_gets_no_token_and_its_old_ones_are_dead(by, application):
    raw = issue(by, application)
    application.active = False
    application.save()
    assert tokens.find_token(raw) is None
    with pytest.raises(Forbidden):
        issue(by, application)


@pytest.mark.parametrize("lifetime", [timedelta(), -HOUR, timedelta(days=366)])
def test_a_lifetime_is_bounded(by, stranger, lifetime):
    with pytest.raises(Invalid) as refused:
        issue(by, stranger, lifetime)
    assert refused.value.path == "lifetime"


def test_a_token_is_found_in_one_query(by, stranger, django_assert_num_queries):
    raw = issue(by, stranger)
    with django_assert_num_queries(1):
        found = tokens.find_token(raw)
        assert found.user.organisation is None
