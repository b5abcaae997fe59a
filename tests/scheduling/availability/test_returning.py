"""When unused places return is a rule; what was laid before it changed keeps the one of its day."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from scheduling.appointments import rules as waitlist
from scheduling.availability import clock_rows, services
from scheduling.availability.models import Pool
from scheduling.availability.rules import CLOSE_HOUR, return_name
from telemed.core import policies
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import System, intention
from telemed.core.models import Clock
from telemed.organisations.queries.policies import look_ahead
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, places_of
from tests.ruling import lay

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FAMILY = return_name(Pool.FAMILY_DOCTOR)


@pytest.fixture
def laid():
    """A period from before the rule changed to two hours, and one from after it, of one doctor."""
    old = PeriodFactory(public=1, family_doctor=2)
    changed = old.created_at + timedelta(minutes=1)
    lay(FAMILY, 2 * HOUR, since=changed, organisation_id=old.organisation_id)
    with time_machine.travel(changed + timedelta(minutes=1)):
        begins = old.starts_at + HOUR
        new = PeriodFactory(session=old.session, starts_at=begins, public=1, family_doctor=2)
    return old, new


def at(moment):
    return time_machine.travel(moment, tick=False)


def returned(period):
    with intention(System("test"), door="test"):
        return services.return_due(organisation_id=period.organisation_id)


def test_each_period_returns_by_the_rule_under_which_it_was_laid(laid):
    old, new = laid
    with at(old.closes_at - 24 * HOUR):
        assert returned(old) == 2
    assert (places_of(old)["public"], places_of(new)["public"]) == ((0, 3), (0, 1))
    with at(old.closes_at - 2 * HOUR - timedelta(seconds=1)):
        assert returned(old) == 0
    with at(old.closes_at - 2 * HOUR):
        assert returned(old) == 2
    assert places_of(new) == {"public": (0, 3), "family_doctor": (0, 0)}


def test_a_place_that_is_given_back_goes_home_by_the_same_rule(laid):
    for period in laid:
        with intention(System("test"), door="test"):
            services.take_place(period_id=period.pk, pools=["family_doctor"])
    with at(laid[0].closes_at - 20 * HOUR):
        for period in laid:
            with intention(System("test"), door="test"):
                services.give_back(period_id=period.pk, pool="family_doctor")
    assert [places_of(period)["public"] for period in laid] == [(0, 2), (0, 1)]


def test_the_clocks_of_a_session_ring_for_every_rule_under_which_some_of_it_was_laid(laid):
    old, new = laid
    later = new.created_at + HOUR  # nothing of the session was laid since
    lay(FAMILY, 40 * HOUR, since=later, organisation_id=old.organisation_id)
    with intention(System("test"), door="test"):
        clock_rows.await_ends(organisation_id=old.organisation_id, sessions=[old.session])
    rings = Clock.objects.filter(about=old.organisation_id, kind="pool.return")
    ahead = {old.closes_at - one.due_at for one in rings}
    assert {round(one / HOUR) for one in ahead} == {24, 4, 2}


def test_another_hospital_keeps_the_rule_of_the_province(laid):
    other = PeriodFactory(public=1, family_doctor=2)
    lay(FAMILY, 6 * HOUR, since=timezone.now() - HOUR)
    with at(other.closes_at - 6 * HOUR - timedelta(seconds=1)):
        assert returned(other) == 0
    with at(other.closes_at - 6 * HOUR):
        assert returned(other) == 2


def ahead(name, wanted, organisation_id=None):
    with translation.override("en"):
        return look_ahead(policies.find(name), organisation_id, wanted)


def test_the_page_of_the_rule_says_who_keeps_the_old_one(laid):
    said = ahead(FAMILY, 6 * HOUR, laid[0].organisation_id)
    assert said.preview.sentence.startswith("1 session ahead with 0 bookings keep")
    with pytest.raises(Invalid, match="From 1 h to 5 d"):
        ahead(FAMILY, 6 * 24 * HOUR)


@pytest.mark.parametrize(
    ("name", "wanted", "hour"),
    [
        (FAMILY, 12 * HOUR, "04:00"),
        (CLOSE_HOUR, 23, "23:00"),
        (waitlist.NIGHT_UNTIL, 10, ""),
        (waitlist.NIGHT_FROM, 20, ""),
    ],
)
def test_places_do_not_return_when_nobody_who_waits_is_asked(name, wanted, hour):
    if not hour:
        assert ahead(name, wanted)
        return
    with pytest.raises(Conflict, match=f"would return at {hour}, when nobody who waits is asked"):
        ahead(name, wanted)


def test_the_night_does_not_come_over_the_hour_at_which_places_return():
    before = timezone.now() - HOUR
    lay(return_name(Pool.REFERRAL), 7 * HOUR, since=before)
    assert ahead(waitlist.NIGHT_UNTIL, 9)
    with pytest.raises(Conflict, match="would return at 09:00"):
        ahead(waitlist.NIGHT_UNTIL, 10)


def test_the_days_page_says_when_what_is_kept_and_not_used_is_everybodys(client, laid):
    old, _new = laid
    client.force_login(PatientFactory(user=UserFactory()).user)
    client.cookies["language"] = "en"
    times = reverse("booking:times", args=[old.department_id])
    body = client.get(times, {"day": f"{old.session.day:%Y-%m-%d}"}).content.decode()
    assert "What is kept for others and not used comes back to everybody:" in body
    returns = timezone.localtime(old.closes_at)
    assert f"{returns - 24 * HOUR:%-m/%-d} 16:00" in body
    assert f"{returns:%-m/%-d} 12:00" in body


def test_how_sessions_are_used_says_the_rule_of_now(client, laid):
    old, _new = laid
    head = StaffFactory(role="head", organisation=old.organisation)
    client.force_login(head)
    client.cookies["language"] = "en"
    with at(old.created_at + HOUR):
        body = client.get(reverse("utilisation:home")).content.decode()
    assert 'Family doctor <b class="num">2 h</b>' in body
    assert 'Referral <b class="num">4 h</b>' in body
