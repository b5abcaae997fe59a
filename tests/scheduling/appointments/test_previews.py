"""Before a rule changes, its page says what is booked under it and whom it would touch."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from scheduling.appointments import penalties, rules
from scheduling.appointments.models import Appointment, Block, Strike
from scheduling.availability.models import PeriodPool
from scheduling.availability.rules import CLOSE_HOUR, share_name
from scheduling.opening import rules as opening
from telemed.core import policies
from telemed.core.models import PolicyChange
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


def struck(period, patients, *, days):
    """Two and four points, noted so many days ago."""
    PeriodPool.objects.update(taken=2)
    for patient, points in zip(patients, (2, 4), strict=True):
        visit = booked(period, patient, status="noshow", ticket=points)
        Strike.objects.create(
            appointment=visit,
            patient=patient,
            person_key=patient.pk,
            organisation=period.organisation,
            day=timezone.localdate() - timedelta(days=days),
            kind="missed",
            points=points,
            state="counted",
        )


def test_who_has_as_many_points_already_is_counted(period, patients):
    struck(period, patients, days=0)
    assert preview(penalties.LIMIT, 3, period.organisation_id).count == 1
    assert preview(penalties.LIMIT, 1, period.organisation_id).count == 2
    assert preview(penalties.LIMIT, 5, period.organisation_id) is None


def test_entries_keep_their_points_and_count_for_longer_or_no_longer(period, patients):
    struck(period, patients, days=100)
    here = period.organisation_id
    assert preview(penalties.MISSED, 3, here).sentence.startswith("2 entries keep their points")
    assert preview(penalties.MISSED, 3, here).examples == (f"{period.organisation.name}: 2",)
    assert preview(penalties.WINDOW, 90, here).sentence == "2 entries would count no longer."
    assert preview(penalties.WINDOW, 101, here) is None
    set_here(period, penalties.WINDOW, 90)
    assert preview(penalties.WINDOW, 120, here).sentence == "2 entries would count again."
    assert preview(penalties.APPEAL_WITHIN, 10, here) is None
    set_here(period, penalties.APPEAL_WITHIN, 120)
    assert preview(penalties.APPEAL_WITHIN, 10, here).count == 2


def set_here(period, name, value):
    PolicyChange.objects.create(
        name=name,
        organisation_id=period.organisation_id,
        value=value,
        effective_at=timezone.now(),
        set_by="user:1",
        set_by_name="x",
        reason="because",
    )


def test_a_block_keeps_its_end(period, patients):
    patient, _other = patients
    Block.objects.create(
        patient=patient,
        person_key=patient.pk,
        organisation=period.organisation,
        kind="points",
        state="active",
        ends_at=timezone.now() + timedelta(days=9),
    )
    here = period.organisation_id
    assert preview(penalties.BLOCK, 30, here).sentence.startswith("1 person whose booking")
    assert preview(penalties.CANCEL_BLOCK, 30, here) is None


def test_who_has_cancelled_so_often_is_counted(period, patients):
    for n in range(4):
        booked(
            period,
            patients[0],
            status="cancelled",
            holds_place=False,
            ticket=n + 1,
            ended_at=timezone.now() - timedelta(days=5 * n),
        )
    PeriodPool.objects.update(taken=0)
    here = period.organisation_id
    assert preview(penalties.CANCELLATIONS, 4, here).count == 1
    assert preview(penalties.CANCELLATIONS, 5, here) is None
    assert preview(penalties.CANCEL_WINDOW, 30, here) is None
    set_here(period, penalties.CANCELLATIONS, 3)
    assert preview(penalties.CANCEL_WINDOW, 14, here).count == 1
    assert preview(penalties.CANCEL_WINDOW, 7, here) is None


def test_who_waits_stays_near_or_far(period, patients):
    PeriodPool.objects.update(taken=0)
    booked(period, patients[0], status="waitlisted", holds_place=False)
    said = preview(rules.FAR, 30, period.organisation_id)
    assert said.sentence.startswith("1 person who waits stays far or near")
    assert said.examples == (f"{period.organisation.name} {period.department.name}: 1",)


def test_sessions_that_have_not_come_out_do_so_by_the_new_line(period):
    assert preview(opening.LINE, False, period.organisation_id) is None
    later = timezone.now() + timedelta(days=1)
    type(period.session).objects.update(state="planned", release_at=later)
    said = preview(opening.LINE, False, period.organisation_id)
    assert said.sentence == "1 session has not come out yet and will by the new rule."
