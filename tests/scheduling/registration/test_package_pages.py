"""The pages on which an authority keeps its packages."""

import pytest
from django.urls import reverse

from scheduling.registration.models import Package
from telemed.organisations.models import Organisation
from tests.factories.people import (
    DivisionFactory,
    OrganisationFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.registration import (
    TeamFactory,
    resident_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    team = TeamFactory()
    team.leader.language = "en"
    team.leader.save()
    return team


@pytest.fixture
def resident(team):
    return resident_of(team, user=UserFactory(language="en")).user


def said(answer):
    return answer.content.decode()


def test_the_authority_keeps_the_packages(client):
    county = DivisionFactory()
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=county)
    admin = StaffFactory(role="administrator", organisation=authority, language="en")
    client.force_login(admin)
    packages = reverse("contracts:packages")
    sent = {
        "county": county.code,
        "name": "老年包",
        "kind": "personal",
        "contents": "体检\n随访",
        "price": "199.50",
        "insurance": "50",
        "public_health": "40",
        "resident": "10",
        "groups": ["elderly"],
    }
    client.post(packages, sent)
    made = Package.objects.get(name="老年包")
    assert (made.price, made.groups, made.lines) == (19950, ["elderly"], ["体检", "随访"])
    wrong = client.post(packages, {**sent, "name": "错", "resident": "20"}, follow=True)
    assert "must add up to 100" in said(wrong)
    client.post(reverse("contracts:end_package", args=[made.pk]))
    made.refresh_from_db()
    assert made.until
    sent["name"] = "限次包"
    for times, words in (
        ("4.5", "as a whole number"),
        ("-1", "as a whole number"),
        ("0", "between 1 and 366 times a year"),
        ("400", "between 1 and 366 times a year"),
    ):
        wrong = client.post(packages, {**sent, "limit-hypertension": times}, follow=True)
        assert words in said(wrong)
        assert f'value="{times}"' in said(wrong)
    assert not Package.objects.filter(name="限次包").exists()
    client.post(packages, {**sent, "limit-hypertension": "4", "limit-recheck": "1"})
    made = Package.objects.get(name="限次包")
    assert made.limits == {"hypertension": 4}
    assert "Blood-pressure follow-up:" in said(client.get(packages))
    assert "4 times a year" in said(client.get(packages))


def test_the_authority_names_services_on_set_days(client, team):
    county = team.organisation.division
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=county)
    admin = StaffFactory(role="administrator", organisation=authority, language="en")
    client.force_login(admin)
    packages = reverse("contracts:packages")
    sent = {
        "county": county.code,
        "name": "上门包",
        "kind": "personal",
        "contents": "上门\n随访",
        "price": "200",
        "insurance": "50",
        "public_health": "40",
        "resident": "10",
        "service-1": "hypertension",
        "service-times-1": "6",
        "service-name-3": " 上门 服务 ",
        "service-times-3": "2",
        "service-how-3": "any",
    }
    for change, words in (
        ({"service-times-3": "2.5"}, "as a whole number"),
        ({"service-times-3": ""}, "as a whole number"),
        ({"service-times-3": "0"}, "between 1 and 24 times a year"),
        ({"service-times-3": "25"}, "between 1 and 24 times a year"),
        ({"service-name-3": ""}, "Say which service this is"),
        ({"service-name-3": "\x00上门"}, "in one line"),
        ({"service-name-3": "上" * 41}, "at most 40 characters"),
        ({"service-3": "diabetes"}, "from the list or write a name, not both"),
        ({"service-3": "recheck", "service-name-3": ""}, "cannot be named by a package"),
        ({"service-3": "hypertension", "service-name-3": ""}, "Name each service once"),
        ({"limit-hypertension": "4"}, "limited to fewer times a year: 4"),
    ):
        wrong = client.post(packages, {**sent, **change}, follow=True)
        assert words in said(wrong)
        assert 'value="6"' in said(wrong)  # what was typed is still there
    assert not Package.objects.filter(name="上门包").exists()
    client.post(packages, sent)
    made = Package.objects.get(name="上门包")
    assert made.services == [
        {"code": "hypertension", "name": "", "times": 6, "face": True},
        {"code": "", "name": "上门 服务", "times": 2, "face": False},
    ]
    assert "上门 服务:" in said(client.get(packages))
    resident = resident_of(team)
    resident.user.language = "en"
    resident.user.save()
    client.force_login(resident.user)
    shown = said(client.get(reverse("contracts:team", args=[team.pk])))
    assert "上门 服务:" in shown
    assert "2 times a year" in shown
