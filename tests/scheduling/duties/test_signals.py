"""Risk signals of family-doctor work, each at its bound."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation
from psycopg.types.range import DateRange

from scheduling.duties import signals
from scheduling.duties.models import Duty, Status
from scheduling.registration.models import Contract
from telemed.core.intentions import System, intention
from telemed.oversight.indicators import Period
from telemed.oversight.models import Signal
from telemed.oversight.presenting.signals import make_lines
from telemed.oversight.services import raise_signals
from tests.factories.duties import served
from tests.factories.registration import TeamFactory, signed
from tests.ruling import lay

pytestmark = pytest.mark.django_db
NOW = "2026-10-14 10:00+08:00"


@pytest.fixture(autouse=True)
def _october():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def october():
    return Period.month(timezone.localdate())


def copies(duty, count, **changed):
    """The same service entered again for other days."""
    for n in range(count):
        again = Duty.objects.get(pk=duty.pk)
        again.pk, again._state.adding = None, True
        again.due_on -= timedelta(days=n + 1)
        for name, value in changed.items():
            setattr(again, name, value)
        again.save()


def test_more_services_than_a_day_holds_count_by_day_and_person(october):
    team = TeamFactory()
    duty = served(team)
    copies(duty, 39)
    assert signals._crowded(october) == {}
    copies(duty, 1, due_on=duty.due_on + timedelta(days=1))
    assert signals._crowded(october) == {team.organisation_id: {"n": 1, "most": 41, "limit": 40}}


def test_what_was_done_by_phone_or_struck_fills_no_day(october):
    team = TeamFactory()
    duty = served(team)
    copies(duty, 40, face=False, mode="remote")
    Duty.objects.filter(pk=duty.pk).update(due_on=duty.due_on - timedelta(days=100))
    copies(Duty.objects.get(pk=duty.pk), 40, status=Status.DUE)
    assert signals._crowded(october) == {}


def test_sign_ups_of_one_doctor_on_one_day(october):
    team = TeamFactory()
    for _n in range(6):
        signed(team)
    lay(signals.SIGNED_A_DAY, 6)
    assert signals._signed_at_once(october) == {}
    lay(signals.SIGNED_A_DAY, 5)
    assert signals._signed_at_once(october) == {
        team.organisation_id: {"n": 1, "most": 6, "limit": 5}
    }


def test_who_was_signed_for_half_a_year_and_never_served_counts(october):
    team = TeamFactory()
    duty = served(team)
    Duty.objects.filter(pk=duty.pk).update(status=Status.CONFIRMED, confirmed_at=timezone.now())
    others = [signed(team) for _n in range(9)]
    lay(signals.SHARE, 50)
    lay(signals.PANEL, 10)
    assert signals._unserved(october) == {}  # signed just now
    long_ago = timezone.localdate(october.end) - timedelta(days=181)
    everybody = [duty.contract_id, *(one.pk for one in others)]
    Contract.objects.filter(pk__in=everybody).update(
        term=DateRange(long_ago, long_ago + timedelta(days=365)), status="active"
    )
    facts = {"n": 1, "share": 90, "limit": 50}
    assert signals._unserved(october) == {team.organisation_id: facts}
    lay(signals.PANEL, 11)
    assert signals._unserved(october) == {}
    lay(signals.PANEL, 10)
    lay(signals.SHARE, 91)
    assert signals._unserved(october) == {}


def test_the_month_raises_it_once_and_says_it():
    team = TeamFactory()
    copies(served(team), 40)
    with time_machine.travel("2026-11-02 08:00+08:00", tick=False):
        for _again in "12":
            with intention(System("test"), door="test"):
                raise_signals(month=timezone.localdate().replace(month=10, day=1))
    with translation.override("en"):
        [line] = make_lines(Signal.objects.all(), team.leader)
    assert line.why == (
        "Days on which one person entered more than 40 services face to face: 1; "
        "the fullest had 41."
    )
    assert line.signal.subject == team.organisation
