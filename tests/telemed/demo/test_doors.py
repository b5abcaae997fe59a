import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import include, path

from telemed.audit.models import AuditRow
from telemed.demo import accounts, province
from telemed.people import tokens
from telemed.people.models import Application, Role
from telemed.urls import urlpatterns as product
from tests.factories.people import OrganisationFactory, StaffFactory

pytestmark = pytest.mark.django_db
urlpatterns = [*product, path("demo/", include("telemed.demo.urls"))]
here = pytest.mark.urls(__name__)


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def run(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.fixture
def township():
    return StaffFactory(username="township", role=Role.TOWNSHIP_DOCTOR)


def test_the_accounts_are_shown_as_a_table_and_as_json(demo):
    shown = run("demo_accounts")
    for account in accounts.listed():
        assert account["username"] in shown
    assert accounts.PASSWORD in shown
    assert json.loads(run("demo_accounts", "--json")) == accounts.listed()


def test_an_account_gets_a_token_that_works(demo, township):
    found = tokens.find_token(run("token", "township").strip())
    assert found.user == township


def test_the_conformance_suite_gets_a_system_token_and_is_registered_once(demo):
    OrganisationFactory(number=province.authority().number)
    first, second = (run("token", "--system").strip() for _ in range(2))
    assert first != second
    found = tokens.find_token(first)
    assert (found.application.name, found.scopes) == ("Conformance suite", "system/*.cruds")
    assert Application.objects.count() == 1


@pytest.mark.parametrize("command", [("token", "nobody"), ("token", "--system"), ("token",)])
def test_a_token_for_nobody_is_refused_in_one_sentence(demo, command):
    with pytest.raises(CommandError):
        run(*command)


@pytest.mark.parametrize("command", [("demo_accounts",), ("token", "--system")])
def test_outside_a_demonstration_the_commands_refuse(command):
    with pytest.raises(CommandError, match="demonstration only"):
        run(*command)


@here
def test_one_click_signs_in_and_is_traced(demo, client, township):
    answer = client.post("/demo/sign-in/", {"username": "township"})
    assert answer.headers["location"] == "/"
    assert client.session["_auth_user_id"] == str(township.pk)
    assert AuditRow.objects.get(action="demo.sign_in").actor_id == township.actor_id


@here
@pytest.mark.parametrize(
    ("wanted", "leads"),
    [("/patients/", "/patients/"), ("https://elsewhere.example/", "/"), ("//elsewhere", "/")],
)
def test_signing_in_leads_back_to_a_page_of_ours_alone(demo, client, township, wanted, leads):
    answer = client.post("/demo/sign-in/", {"username": "township", "next": wanted})
    assert answer.headers["location"] == leads


@here
def test_whoever_was_signed_in_stays_signed_in(demo, client, township):
    client.post("/demo/sign-in/", {"username": "township"})
    assert client.get("/patients/").status_code == 200


@here
def test_the_sign_in_page_offers_every_account(demo, client):
    page = client.get("/accounts/login/").content.decode()
    for account in accounts.listed():
        assert f'value="{account["username"]}"' in page


@here
@pytest.mark.parametrize("username", ["", "somebody", "specialist", "a\x00b"])
def test_nobody_else_is_signed_in_by_name(demo, client, township, username):
    StaffFactory(username="somebody")
    answer = client.post("/demo/sign-in/", {"username": username})
    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


@here
def test_outside_a_demonstration_nobody_is_signed_in(client, township):
    assert client.post("/demo/sign-in/", {"username": "township"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_product_itself_has_no_such_address(client, township):
    assert client.post("/demo/sign-in/", {"username": "township"}).status_code == 404


@here
def test_signing_in_needs_a_post(demo, client):
    assert client.get("/demo/sign-in/").status_code == 405
