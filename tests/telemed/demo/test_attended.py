"""The hospital of the story has a past in its sessions."""

import pytest
from django.db.models import Count, F, Q
from django.utils import timezone

from scheduling.appointments.models import Appointment
from scheduling.availability.models import Period, PeriodPool
from telemed.core.intentions import System, intention
from telemed.demo import attended, seeding
from tests.keeping import kept, quicken_pins, settle

pytestmark = pytest.mark.django_db
SEEDER = System("demo")


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    with pytest.MonkeyPatch.context() as patch, kept(django_db_blocker):
        patch.setattr(seeding, "ring_task", lambda task: None)
        quicken_pins(patch)
        patch.setattr(attended, "WEEKS", 2)  # no holiday is as long
        seeding.seed(lambda said: None)
        with intention(SEEDER, door="test", timeout_ms=60_000):
            assert attended.lay_visits()
        settle()
        yield


@pytest.fixture
def laid(db, town):
    """Two weeks, once for all tests here."""


def test_days_that_are_over_were_booked_and_some_did_not_come(laid):
    states = dict(Appointment.objects.values_list("status").annotate(Count("pk")))
    assert states["fulfilled"] > 10 * states["noshow"] > 0
    over = Appointment.objects.filter(day__lt=timezone.localdate())
    assert len(over.filter(status="fulfilled").dates("day", "day")) >= 3
    assert not over.filter(status="booked").exists()


def test_every_place_stays_counted(laid):
    pools = PeriodPool.objects.filter(period__session__state="finished")
    held = Count("period__appointments", filter=Q(period__appointments__pool=F("pool")))
    assert not pools.annotate(held=held).exclude(held=F("taken")).exists()
    assert pools.filter(returned__gt=0).exists()
    of = Period.objects.filter(session__state="finished")
    assert not of.annotate(all=Count("pools__places")).filter(all=0).exists()


def test_once_is_enough(laid, by):
    before = Appointment.objects.count()
    with by(SEEDER):
        assert not attended.lay_visits()
    assert Appointment.objects.count() == before


def test_what_was_booked_cost_something(laid):
    over = Appointment.objects.filter(day__lt=timezone.localdate(), status="fulfilled")
    assert over.exists()
    assert not over.filter(Q(fee=None) | Q(fee_basis="")).exists()
