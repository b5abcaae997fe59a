"""The hours in which nobody on the waitlist is asked are a rule of each hospital."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.rules import NIGHT_FROM, NIGHT_UNTIL
from telemed.core import clocks, outbox, policies
from telemed.core.models import Clock
from telemed.organisations.queries.policies import look_ahead
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, at
from tests.ruling import lay

pytestmark = pytest.mark.django_db


def tonight(hour, minute=0, *, days=0):
    return at(timezone.localdate() + timedelta(days=days), hour, minute)


@pytest.fixture(autouse=True)
def by_day():
    with translation.override("en"), time_machine.travel(tonight(10)):
        yield


def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def booked(by):
    """The only place of a day that somebody else waits for."""
    actor, period = resident(), PeriodFactory(public=1)
    with by(actor):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


@pytest.fixture
def entry(by, booked):
    actor, period = resident(), booked.period
    with by(actor):
        return services.join(
            actor=actor,
            patient=actor.patient,
            department_id=period.department_id,
            day=period.session.day,
        )


def free_at(by, booked, moment):
    with time_machine.travel(moment):
        with by(booked.booked_by):
            services.cancel(actor=booked.booked_by, appointment_id=booked.pk)
        fire()


def fire():
    clock = Clock.objects.filter(kind="place.return", state="running").latest("pk")
    with time_machine.travel(clock.due_at):
        clocks.fire_due()
        outbox.deliver_waiting()


def status(entry):
    return Appointment.objects.get(pk=entry.pk).status


def kept_until(booked):
    clock = Clock.objects.get(about=booked.pk, kind="place.return", state="running")
    return timezone.localtime(clock.due_at).hour


@pytest.mark.parametrize(("hour", "becomes"), [(23, Status.OFFERED), (22, Status.WAITLISTED)])
def test_until_the_hour_of_the_rule_somebody_is_asked(by, booked, entry, hour, becomes):
    lay(NIGHT_FROM, hour, organisation_id=booked.organisation_id)
    free_at(by, booked, tonight(22, 30))
    assert status(entry) == becomes


def test_in_the_morning_of_the_rule_the_next_one_is_asked(by, booked, entry):
    lay(NIGHT_UNTIL, 9, organisation_id=booked.organisation_id)
    free_at(by, booked, tonight(8, 30, days=1))
    assert (status(entry), kept_until(booked)) == (Status.WAITLISTED, 9)
    fire()
    assert status(entry) == Status.OFFERED


def test_another_hospital_keeps_its_night(by, booked, entry):
    lay(NIGHT_FROM, 23, organisation_id=PeriodFactory().organisation_id)
    free_at(by, booked, tonight(22, 30))
    assert (status(entry), kept_until(booked)) == (Status.WAITLISTED, 7)


def test_a_place_kept_until_the_old_morning_waits_for_the_new_one(by, booked, entry):
    lay(NIGHT_UNTIL, 9, organisation_id=booked.organisation_id, since=tonight(23, 30))
    free_at(by, booked, tonight(22, 30))
    assert kept_until(booked) == 7
    fire()
    assert (status(entry), kept_until(booked)) == (Status.WAITLISTED, 9)
    fire()
    assert status(entry) == Status.OFFERED


def test_its_page_says_who_waits(entry):
    ahead = look_ahead(policies.find(NIGHT_FROM), entry.organisation_id, 23)
    assert ahead.preview.count == 1
    assert ahead.preview.sentence.startswith("1 person who waits is asked by the new hours")


def test_who_waits_reads_the_hours_of_that_hospital(client, entry):
    lay(NIGHT_UNTIL, 9, organisation_id=entry.organisation_id)
    client.force_login(entry.booked_by)
    client.cookies["language"] = "en"
    page = client.get(f"/booking/waiting/{entry.pk}/").content.decode()
    assert "between 9:00 and 22:00" in page
