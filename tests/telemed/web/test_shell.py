import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.urls import path, reverse

from telemed import urls
from telemed.core import errors
from telemed.people.models import PractitionerRole, Role
from telemed.web import demo_accounts, error_pages, homes
from tests.factories.people import OrganisationFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
ALL_KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type)]
REFUSALS = [k for k in ALL_KINDS if issubclass(k, errors.DomainError) and hasattr(k, "kind")]


def refuse(request, kind):
    raise getattr(errors, kind)("Because of <b>this</b>.", path="Case.reason")


def fail(request):
    raise RuntimeError


urlpatterns = [
    *urls.urlpatterns,
    path("refuse/<str:kind>/", refuse, name="refuse"),
    path("fail/", fail),
]
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def doctor(client):
    doctor = StaffFactory(language="en")
    client.force_login(doctor)
    return doctor


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda k: k.__name__)
def test_every_refusal_has_a_page_in_words(client, doctor, settings, refusal):
    settings.ON_CALL_PHONE = "0851-555-0100"

    answer = client.get(f"/refuse/{refusal.__name__}/")

    page = answer.content.decode()
    assert answer.status_code == error_pages.STATUS[refusal.kind]
    assert "Because of &lt;b&gt;this&lt;/b&gt;." in page
    assert error_pages.words_of(refusal.kind).safe
    assert "0851-555-0100" in page
    assert re.search(r"Reference [0-9A-F]{4}-[0-9A-F]{4}", page)


@pytest.mark.urls(__name__)
def test_a_script_gets_a_refusal_it_can_read(client, doctor):
    answer = client.get("/refuse/Conflict/", headers={"accept": "application/json"})

    assert answer.status_code == 409
    refused = {"kind": "conflict", "text": "Because of <b>this</b>.", "path": "Case.reason"}
    assert answer.json() == refused


@pytest.mark.urls(__name__)
def test_the_reference_of_a_refusal_leads_to_its_trace(client, doctor):
    from telemed.audit.models import AuditRow

    page = client.get("/refuse/Forbidden/").content.decode()

    trace = AuditRow.objects.get(refused="forbidden").trace_id
    assert error_pages.reference(trace) in page


@pytest.mark.urls(__name__)
def test_our_own_failure_says_what_is_safe_and_nothing_else(client, doctor):
    client.raise_request_exception = False

    answer = client.get("/fail/")

    assert answer.status_code == 500
    assert "safe" in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()


def test_an_unknown_address_is_answered_in_words(client, doctor):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_form_that_stood_open_too_long_says_so(doctor, client):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(doctor)
    answer = strict.post(reverse("web:preferences"), {"theme": "dark"})
    assert answer.status_code == 403
    assert "stood open too long" in answer.content.decode()


def test_nothing_inline_may_run(client, doctor):
    answer = client.get(reverse("web:home"))

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "wss://testserver" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Permissions-Policy"].startswith("camera=(self), microphone=(self)")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_back_button_shows_no_page_of_the_last_person(client, doctor):
    assert client.get(reverse("web:home")).headers["Cache-Control"] == "private, no-store"


def test_the_first_screen_is_light(client, doctor):
    page = client.get(reverse("web:home")).content
    files = re.findall(rb'(?:href|src)="/static/([^"#]+)', page)
    found = [finders.find(name.decode()) for name in set(files)]
    weight = len(page) + sum(Path(path).stat().st_size for path in found if path)
    assert weight < 150_000


@pytest.mark.parametrize("name", ["web:home", "notifications:inbox"])
def test_the_shell_costs_three_queries(
    client, doctor, monkeypatch, django_assert_max_num_queries, name
):
    monkeypatch.setattr(homes, "_homes", {})
    for _ in range(3):
        organisation = OrganisationFactory()
        PractitionerRole.objects.create(
            user=doctor, organisation=organisation, role=Role.SPECIALIST
        )
    client.get(reverse(name))
    # Session, account with its role, shell; the inbox opens an intention of its own.
    own = 5 if name == "notifications:inbox" else 0
    with django_assert_max_num_queries(3 + own):
        client.get(reverse(name))


def test_an_account_speaks_its_own_language_on_a_new_device(client, doctor):
    assert '<html lang="en"' in client.get(reverse("web:home")).content.decode()


def test_a_device_s_own_choice_wins_and_the_account_remembers_it(client, doctor):
    answer = client.post(reverse("web:preferences"), {"language": "zh-hans", "next": "/inbox/"})

    assert answer.url == "/inbox/"
    assert '<html lang="zh-CN"' in client.get("/inbox/").content.decode()
    doctor.refresh_from_db()
    assert doctor.language == "zh-hans"


def test_large_type_and_theme_are_rendered_by_the_server(client, doctor):
    client.post(reverse("web:preferences"), {"large_type": "on"})
    client.post(reverse("web:preferences"), {"theme": "dark"})

    page = client.get("/inbox/").content.decode()
    assert 'data-theme="dark" data-care' in page
    doctor.refresh_from_db()
    assert (doctor.large_type, doctor.theme) == (True, "dark")

    client.post(reverse("web:preferences"), {"large_type": "off"})
    assert "data-care" not in client.get("/inbox/").content.decode()


def test_somebody_without_an_account_may_choose_too(client):
    client.post(reverse("web:preferences"), {"language": "en"})
    assert '<html lang="en"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""]
)
def test_a_switch_never_leads_away(client, back):
    answer = client.post(reverse("web:preferences"), {"theme": "dark", "next": back})
    assert answer.url == "/"


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"theme": "pink"}, {"large_type": "1"}])
def test_an_unknown_setting_is_refused_and_changes_nothing(client, doctor, wrong):
    answer = client.post(reverse("web:preferences"), wrong)
    assert answer.status_code == 422
    assert not {"language", "theme", "large_type"} & set(answer.cookies)


def test_somebody_goes_on_as_another_role_they_hold(client, doctor):
    hospital = OrganisationFactory(name="县医院")
    other = PractitionerRole.objects.create(
        user=doctor, organisation=hospital, role=Role.SPECIALIST
    )
    assert "县医院" in client.get(reverse("web:home")).content.decode()

    assert client.post(reverse("web:act", args=[other.pk])).url == "/"

    doctor.refresh_from_db()
    assert doctor.acting_as == other


def test_nobody_acts_in_a_role_of_somebody_else(client, doctor):
    other = StaffFactory(role=Role.OFFICIAL)
    answer = client.post(reverse("web:act", args=[other.acting_as_id]))
    assert answer.status_code == 404
    assert client.post(reverse("web:act", args=[uuid4()])).status_code == 404
    doctor.refresh_from_db()
    assert doctor.role == Role.TOWNSHIP_DOCTOR


def test_nobody_acts_in_a_role_that_has_ended(client, doctor):
    ended = PractitionerRole.objects.create(
        user=doctor,
        organisation=OrganisationFactory(name="旧医院"),
        role=Role.SPECIALIST,
        starts_on="2020-01-01",
        ends_on="2020-12-31",
    )
    assert "旧医院" not in client.get(reverse("web:home")).content.decode()
    assert client.post(reverse("web:act", args=[ended.pk])).status_code == 403


@pytest.mark.parametrize("name", ["notifications:inbox", "account_change_password"])
def test_residents_have_their_own_shell_and_one_heading(client, name):
    client.force_login(UserFactory())
    page = client.get(reverse(name)).content.decode()
    assert '<body class="res' in page
    assert page.count("<h1") == 1


ACCOUNT = demo_accounts.DemoAccount(
    username="yang", name="杨文秀", place="西江镇卫生院", role=Role.TOWNSHIP_DOCTOR, does="发起"
)


@pytest.mark.parametrize("demo", [True, False])
def test_demo_accounts_are_offered_in_demo_mode_alone(client, settings, monkeypatch, demo):
    monkeypatch.setattr(demo_accounts, "_source", None)
    demo_accounts.connect(lambda: [ACCOUNT], sign_in="web:home")
    settings.DEMO = demo

    page = client.get(reverse("account_login")).content.decode()

    assert ('value="yang"' in page) is demo


def test_nobody_signs_up_by_themselves(client):
    page = client.get(reverse("account_signup"))
    assert "password1" not in page.content.decode()
    answer = client.post(
        reverse("account_signup"),
        {
            "username": "x",
            "phone": "+8613800138001",
            "password1": "a long phrase x",
            "password2": "a long phrase x",
        },
    )
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name", ["account_change_password", "usersessions_list", "mfa_index", "account_logout"]
)
def test_the_pages_of_an_account_are_in_our_shell(client, doctor, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert '<header class="top">' in answer.content.decode()


@pytest.mark.parametrize(("demo", "status"), [(True, 200), (False, 404)])
def test_the_page_of_parts_is_for_demonstrations(client, settings, demo, status):
    settings.DEMO = demo
    assert client.get(reverse("web:looks")).status_code == status


def test_letters_can_be_switched_off(client, doctor):
    client.post(reverse("web:preferences"), {"letter_keys": "off"})
    assert "data-no-letters" in client.get("/inbox/").content.decode()
