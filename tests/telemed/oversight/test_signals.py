"""Risk signals: raised with why, seen by whom they concern."""

from datetime import datetime

import pytest

from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.oversight.models import Signal
from telemed.oversight.tasks import raise_signals_task
from telemed.people.models import Role
from tests.factories.lives import many
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.marks import committed
from tests.telemed.oversight.conftest import CHINA
from tests.telemed.oversight.reading import page_of

pytestmark = committed


def at(month, day=10):
    return datetime(2026, month, day, 9, tzinfo=CHINA)


@pytest.fixture
def hospital(clinics):
    return OrganisationFactory(name="开阳县人民医院", division=clinics["520121"].division)


@pytest.fixture
def asked(clinics, hospital):
    """asked(count, month, …): so many cases for the hospital."""
    return lambda count, month, **told: many(
        count, clinics["520121"], at(month), hospital=hospital, **told
    )


def rules():
    return sorted(Signal.objects.values_list("rule", flat=True))


def test_a_median_that_doubled_is_a_signal_with_its_sentence(client, official, asked):
    for month in (7, 8, 9):
        asked(7, month, answered=20)
    asked(21, 10, answered=40)
    raise_signals_task()
    assert rules() == ["slower"]
    page = page_of(client, official, path="/oversight/signals/")
    assert "1 signal waits for an explanation" in page
    assert (
        "Half of about 20 first answers took longer than 40 min; in the three months before, "
        "half of about 20 took longer than 20 min."
    ) in page
    assert "开阳县人民医院" in page


def test_less_than_double_or_fewer_than_twenty_is_none(asked):
    for month in (7, 8, 9):
        asked(7, month, answered=20)
    asked(19, 10, answered=90)
    raise_signals_task()
    asked(9, 10, answered=39)
    many(20, asked(1, 10, answered=39)[0].asking, at(10), answered=39)
    Signal.objects.all().delete()
    assert rules() == []


def test_refusals_and_opinions_not_adopted_above_a_fifth_are_signals(client, official, asked):
    asked(5, 10, answered=20, declined="time", decision="not_adopted")
    asked(16, 10, answered=20, decision="adopted")
    raise_signals_task()
    assert rules() == ["not_adopted", "refusals"]
    page = page_of(client, official, path="/oversight/signals/")
    assert (
        "At least 23 per cent of about 20 requests were declined by a doctor; the limit is 20 per"
        in page
    )
    assert "receipts say that the opinion was not adopted" in page


def test_exactly_a_fifth_is_none(asked):
    asked(5, 10, answered=20, declined="time", decision="adopted")
    asked(20, 10, answered=20, decision="adopted")
    raise_signals_task()
    assert rules() == []


def test_a_rule_speaks_once_a_month_and_tells_who_must_know(asked, hospital, clinics):
    county = OrganisationFactory(
        kind=Organisation.Kind.AUTHORITY, division=clinics["520121"].division
    )
    people = [
        StaffFactory(role=Role.COORDINATOR, organisation=county),
        StaffFactory(role=Role.MEDICAL_OFFICE, organisation=hospital),
    ]
    asked(6, 10, answered=20, declined="time")
    asked(15, 10, answered=20)
    raise_signals_task()
    raise_signals_task()
    signal = Signal.objects.get()
    assert signal.number == "S261124-0001"
    for person in people:
        told = Notification.objects.get(recipient=person)
        assert (told.template, told.facts) == ("signal.raised", {"no": signal.number})


@pytest.fixture
def signal(asked):
    asked(6, 10, answered=20, declined="time")
    asked(15, 10, answered=20)
    raise_signals_task()
    return Signal.objects.get()


def do(client, signal, act, who, **sent):
    client.force_login(who)
    client.cookies["language"] = "en"
    return client.post(f"/oversight/signals/{signal.pk}/{act}/", sent, follow=True)


def explain(client, signal, text, who, cause="staff"):
    return do(client, signal, "explain", who, cause=cause, text=text)


def test_signals_of_elsewhere_are_not_there(client, signal, official_of, clinics):
    for stranger in (
        official_of("5226"),
        StaffFactory(role=Role.HEAD, organisation=clinics["520122"]),
    ):
        assert explain(client, signal, "这不是我们的事情吧，不该看到", stranger).status_code == 404
        assert "开阳县人民医院" not in page_of(client, stranger, path="/oversight/signals/")
    client.force_login(StaffFactory(role=Role.SPECIALIST))
    assert client.get("/oversight/signals/").status_code == 403
    assert "Choose one of the values" in page_of(
        client, official_of("5201"), path="/oversight/signals/", status=422, state="x"
    )
