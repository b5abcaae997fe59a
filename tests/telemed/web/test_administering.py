"""The first page of who runs an institution: what waits, or that nothing does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from telemed.organisations.models import Organisation
from telemed.people.models import Role
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    OrganisationFactory,
    PractitionerFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital():
    return OrganisationFactory()


@pytest.fixture
def admin(hospital):
    return StaffFactory(role=Role.ADMINISTRATOR, organisation=hospital)


@pytest.fixture
def home(client, admin):
    def look(actor=admin, address="/"):
        client.force_login(actor)
        client.cookies["language"] = "en"
        return client.get(address).content.decode()

    return look


def in_days(n):
    return timezone.localdate() + timedelta(days=n)


def test_nothing_waits_and_the_page_says_where_to_go(home):
    page = home()

    assert "Nothing waits for you" in page
    assert 'href="/staff/"' in page
    assert 'href="/organisations/"' in page  # the province is one click away


def test_what_ends_soon_is_counted_and_leads_to_where_it_is_dealt_with(home, hospital):
    doctors = [StaffFactory(role=Role.SPECIALIST, organisation=hospital) for _n in range(3)]
    PractitionerFactory(user=doctors[0], licensed_until=in_days(12))
    PractitionerFactory(user=doctors[1], licensed_until=in_days(60))
    AgreementFactory(asking=ClinicFactory(), asked=hospital, ends_on=in_days(10))

    page = home()

    assert "3 things wait for you" in page
    assert "1 agreement is proposed or ends within 30 days" in page
    assert "1 licence ends within 30 days" in page
    assert "1 doctor has no licence on file" in page
    listed = home(address="/staff/?show=ending")
    assert doctors[0].username in listed
    assert doctors[1].username not in listed


def test_what_waits_elsewhere_is_not_counted(home):
    doctor = StaffFactory(role=Role.SPECIALIST)
    PractitionerFactory(user=doctor, licensed_until=in_days(12))

    assert "Nothing waits for you" in home()


def test_the_authority_sees_the_province(home):
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY)
    page = home(StaffFactory(role=Role.ADMINISTRATOR, organisation=authority))

    assert "hospitals and" in page


def test_a_head_sees_what_waits_and_the_agreements_are_one_click_away(home, hospital):
    head = StaffFactory(role=Role.HEAD, organisation=hospital)
    page = home(head)
    assert "Nothing waits for you" in page
    assert "Agreements to be signed" in page
    assert 'href="/organisations/agreements/"' in page
    AgreementFactory(asking=ClinicFactory(), asked=hospital, ends_on=in_days(10))
    assert "1 agreement is proposed or ends within 30 days" in home(head)


def test_the_page_asks_the_database_few_times(client, admin, django_assert_max_num_queries):
    client.force_login(admin)

    with django_assert_max_num_queries(13):
        client.get("/")
