import pytest
from django.http import HttpResponse
from django.urls import reverse

from telemed.people.models import Role
from telemed.web import homes, navigation
from tests.factories.people import StaffFactory, UserFactory

DOCTORS = frozenset({Role.TOWNSHIP_DOCTOR})


@pytest.fixture(autouse=True)
def registries(monkeypatch):
    monkeypatch.setattr(navigation, "_items", [])
    monkeypatch.setattr(homes, "_homes", {})


def put(label, url_name, **more):
    item = {"roles": DOCTORS, "icon": "home", **more}
    navigation.register(navigation.Item(label=label, url_name=url_name, **item))


def test_a_role_sees_its_places_in_order():
    put("Inbox", "notifications:inbox", order=20)
    put("Today", "web:home", order=10)
    put("Sessions", "usersessions_list", roles=frozenset({Role.OFFICIAL}))

    assert [p.label for p in navigation.places(Role.TOWNSHIP_DOCTOR, "/")] == ["Today", "Inbox"]


def test_some_places_are_of_one_kind_of_institution_alone():
    put("Today", "web:home")
    put("Upkeep", "upkeep:work", kinds=frozenset({"authority"}))

    def seen(kind):
        return [p.label for p in navigation.places(Role.TOWNSHIP_DOCTOR, "/", kind)]

    assert seen("authority") == ["Today", "Upkeep"]
    assert seen("hospital") == seen("") == ["Today"]


def test_the_longest_address_that_leads_to_the_page_is_current():
    put("Today", "web:home")
    put("Inbox", "notifications:inbox")
    put("All read", "notifications:read_all")

    def current(path):
        return [p.label for p in navigation.places(Role.TOWNSHIP_DOCTOR, path) if p.current]

    assert current("/") == ["Today"]
    assert current("/inbox/") == ["Inbox"]
    assert current("/inbox/read/") == ["All read"]
    assert current("/elsewhere/") == []


def test_a_place_is_registered_once_for_a_role():
    put("Inbox", "notifications:inbox")
    with pytest.raises(ValueError, match="in the navigation already"):
        put("Messages", "notifications:inbox")


def test_the_urgent_act_is_in_the_top_bar_and_not_in_the_rail():
    put("Emergency", "notifications:inbox", urgent=True, key="E")

    assert navigation.places(Role.TOWNSHIP_DOCTOR, "/") == []
    act = navigation.urgent_act(Role.TOWNSHIP_DOCTOR)
    assert act is not None
    assert (act.label, act.key) == ("Emergency", "E")
    assert navigation.urgent_act(Role.SPECIALIST) is None


@pytest.mark.django_db
def test_home_is_the_page_of_the_acting_role(client):
    homes.register(Role.TOWNSHIP_DOCTOR, lambda request: HttpResponse("the doctor's day"))
    client.force_login(StaffFactory())

    assert client.get(reverse("web:home")).content == b"the doctor's day"


@pytest.mark.django_db
def test_a_role_without_a_home_sees_where_it_can_go(client):
    put("Inbox", "notifications:inbox", roles=frozenset({Role.RESIDENT}))
    put("Today", "web:home", roles=frozenset({Role.RESIDENT}))
    client.force_login(UserFactory())

    assert reverse("notifications:inbox") in client.get(reverse("web:home")).content.decode()


def test_a_role_has_one_home():
    homes.register(Role.OFFICIAL, lambda request: HttpResponse())
    with pytest.raises(ValueError, match="has a home already"):
        homes.register(Role.OFFICIAL, lambda request: HttpResponse())


def test_home_asks_a_stranger_to_sign_in(client):
    assert client.get(reverse("web:home")).url.startswith(reverse("account_login"))
