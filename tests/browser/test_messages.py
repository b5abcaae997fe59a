"""The pages of messages: for everybody's eyes and ears, at every width; the phone list follows."""

from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from telemed.core.clocks import fire_due
from telemed.core.ids import new_id
from telemed.core.intentions import intention
from telemed.core.models import Clock, OutboxEvent
from telemed.notifications import services
from telemed.organisations.models import Organisation
from telemed.people.models import Role
from tests.browser.checks import assert_accessible, assert_fits
from tests.factories.people import OrganisationFactory, StaffFactory, UserFactory
from tests.marks import committed
from tests.racing import race

pytestmark = committed
FACTS = {"no": "C260929-0001", "org": "双流镇卫生院", "phone": "0851-55550101", "time": "09:30"}


def tell(recipient, template):
    with intention(recipient, door="test"):
        services.notify(
            recipient=recipient, template=template, about=uuid4(), url="/cases/", **FACTS
        )


@pytest.fixture
def hospital():
    return OrganisationFactory()


@pytest.fixture
def doctor(hospital):
    return StaffFactory(
        role=Role.SPECIALIST, organisation=hospital, phone="10000000003", phone_verified=True
    )


@pytest.fixture
def coordinator(hospital):
    return StaffFactory(role=Role.COORDINATOR, organisation=hospital)


def read_all(user):
    with intention(user, door="test"):
        services.mark_read(actor=user)


def elsewhere(act):
    """In a thread of its own: no bell rings from the one that has Playwright's event loop."""
    assert race([act]) == {"won": 1}


def unread_for_long(doctor):
    tell(doctor, "case.emergency")
    Clock.objects.filter(kind="notification.phone").update(due_at=timezone.now())
    fire_due()


@pytest.mark.parametrize("width", [390, 1440])
def test_inbox_and_settings_are_for_everybody(page_as, doctor, width):
    for template in ("case.emergency", "case.offered", "case.closed"):
        tell(doctor, template)
    page = page_as(doctor, width=width)
    for path in ("/inbox/", "/inbox/reach/"):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


def test_a_residents_settings_are_for_everybody_in_large_type(page_as):
    page = page_as(UserFactory(large_type=True), width=390)
    page.goto("/inbox/reach/")
    page.set_viewport_size({"width": 390, "height": 2400})  # nothing lies under the bottom bar
    assert_accessible(page)
    assert_fits(page)


def test_who_has_to_be_phoned_appears_and_goes_without_a_reload(page_as, coordinator, doctor):
    page = page_as(coordinator, width=390)
    page.goto("/inbox/phone/")
    expect(page.locator(".phl__i")).to_have_count(0)

    elsewhere(lambda: unread_for_long(doctor))
    expect(page.locator(".phl__i")).to_have_count(1)
    expect(page.locator(".phl__i")).to_contain_text(doctor.name)
    assert_accessible(page)
    assert_fits(page)

    elsewhere(lambda: read_all(doctor))
    expect(page.locator(".phl__i")).to_have_count(0)


def test_a_call_is_written_down_with_the_keyboard_alone(page_as, coordinator, doctor):
    unread_for_long(doctor)
    page = page_as(coordinator)
    page.goto("/inbox/phone/")
    page.locator("select[name=result]").select_option("reached")
    page.locator("input[name=spoke_with]").press("Enter")
    expect(page.locator(".phl__i")).to_have_count(0)
    page.goto("/inbox/phone/paper/")
    assert_accessible(page)


def test_marking_as_read_can_be_taken_back(page_as, doctor):
    tell(doctor, "case.closed")
    page = page_as(doctor)
    page.goto("/inbox/")
    page.locator(".ibx__a form[action*=read] button").click()
    expect(page.locator(".ibx .un")).to_have_count(0)
    page.locator("form[action*=unread] button").click()
    expect(page.locator(".ibx .un")).to_have_count(1)


def test_dead_events_are_for_everybody(page_as):
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY)
    OutboxEvent.objects.create(
        topic="case.routed",
        payload={},
        trace_id=new_id(),
        attempts=3,
        last_error="ValueError",
        dead_at=timezone.now(),
    )
    page = page_as(StaffFactory(role=Role.ADMINISTRATOR, organisation=authority), width=390)
    page.goto("/upkeep/")
    page.locator("details summary").last.click()
    assert_accessible(page)
    assert_fits(page)
