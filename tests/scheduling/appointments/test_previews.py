"""Before a rule changes, its page says what is booked under it and whom it would touch."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from scheduling.appointments import penalties, rules
from scheduling.appointments.models import Appointment, Strike
from scheduling.availability.models import PeriodPool
from scheduling.availability.rules import CLOSE_HOUR, share_name
from telemed.core import policies
from telemed.organisations.queries.policies import look_ahead
from tests.factories.people import OrganisationFactory, PatientFactory
from tests.factories.scheduling import PeriodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def period():
    period = PeriodFactory(public=4)
    PeriodPool.objects.update(taken=3)
    return period


@pytest.fixture
def patients():
    return PatientFactory(), PatientFactory()


def preview(name, wanted, organisation_id=None):
    return look_ahead(policies.find(name), organisation_id, wanted).preview


@pytest.mark.parametrize(("name", "wanted"), [(CLOSE_HOUR, 15), (share_name("referral"), 5)])
def test_sessions_ahead_and_their_bookings_keep_the_rule(period, name, wanted):
    said = preview(name, wanted, period.organisation_id)
    assert said.count == 3
    assert said.sentence.startswith("1 session ahead with 3 bookings keep")
    assert preview(name, wanted).count == 3  # of the province
    assert preview(name, wanted, OrganisationFactory().pk) is None


def test_what_is_over_is_not_ahead(period):
    type(period).objects.update(starts_at=timezone.now() - timedelta(days=1))
    assert preview(CLOSE_HOUR, 15, period.organisation_id) is None


def booked(period, patient, **more):
    return Appointment.objects.create(
        patient=patient,
        person_key=patient.pk,
        period=period,
        pool="public",
        organisation=period.organisation,
        department=period.department,
        day=period.session.day,
        during=(period.starts_at, period.ends_at),
        day_rank=1,
        channel="web",
        booked_by=period.clinician,
        **more,
    )


def test_who_waits_and_who_has_an_offer_is_counted(period, patients):
    asked, waiting = patients
    PeriodPool.objects.update(taken=1)
    soon = timezone.now() + timedelta(minutes=9)
    booked(period, asked, status="offered", held_until=soon)
    booked(period, waiting, status="waitlisted", holds_place=False)
    said = preview(rules.OFFER, timedelta(minutes=15), period.organisation_id)
    assert said.sentence == "Offers that run now: 1, they keep their time. Who waits: 1."
    assert preview(rules.OFFER, timedelta(minutes=15), OrganisationFactory().pk) is None


def test_who_has_as_many_points_already_is_counted(period, patients):
    PeriodPool.objects.update(taken=2)
    for patient, points in zip(patients, (2, 4), strict=True):
        visit = booked(period, patient, status="noshow", ticket=points)
        Strike.objects.create(
            appointment=visit,
            patient=patient,
            person_key=patient.pk,
            organisation=period.organisation,
            day=timezone.localdate(),
            kind="missed",
            points=points,
            state="counted",
        )
    assert preview(penalties.LIMIT, 3, period.organisation_id).count == 1
    assert preview(penalties.LIMIT, 1, period.organisation_id).count == 2
    assert preview(penalties.LIMIT, 5, period.organisation_id) is None
