"""What the hospitals of the demonstration offer."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from scheduling.appointments.models import Appointment
from scheduling.availability import services as availability
from scheduling.availability.grid import week_of
from scheduling.availability.models import Session, State, Template
from telemed.core import outbox
from telemed.core.intentions import System, intention
from telemed.demo import outpatients, province, seeding
from telemed.demo.accounts import get_user
from telemed.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DEMO = System("demo")


@pytest.fixture
def seeded(monkeypatch):
    monkeypatch.setattr(seeding, "ring_task", lambda task: None)
    seeding.seed(lambda line: None)
    return Organisation.objects.get(number=province.county_hospital().number)


def lay():
    with intention(DEMO, door="test", timeout_ms=30_000):
        return outpatients.lay_sessions()


def test_the_story_begins_with_sessions_and_each_hospital_is_laid_once(seeded):
    assert set(Template.objects.values_list("organisation", flat=True)) == {seeded.pk}
    assert lay() is False  # the neighbour's, which is the last that is there
    count = Session.objects.count()
    assert Session.objects.values("organisation").distinct().count() == 2
    assert lay() is None
    assert Session.objects.count() == count


def test_next_week_is_open_for_booking_and_shows_a_gap(seeded):
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    week = week_of(seeded, monday)
    gaps = [s.department.name for s in week.sections for mark in s.marks if mark.gap]
    assert set(gaps) == {"骨科"}
    assert len(week.sections) == 11
    states = {
        box.session.state
        for s in week.sections
        for ln in s.lines
        for c in ln.cells
        for box in c.boxes
    }
    assert states - {State.STOPPED} == {State.PUBLISHED}  # one extra half hour does not take place
    past = Session.objects.filter(day__lt=today)
    assert set(past.values_list("state", flat=True)) <= {State.FINISHED}


def test_the_county_hospital_has_what_one_trip_takes(seeded):
    examined = Session.objects.filter(organisation=seeded, kind="examination", clinician=None)
    there = examined.filter(day__gt=timezone.localdate(), state=State.PUBLISHED)
    assert set(there.values_list("service", flat=True)) == {"心电图", "抽血化验", "B超"}


def test_who_stays_with_a_doctor_is_booked_when_the_desk_opens_the_next_clinic(seeded, by):
    stays = Appointment.objects.get(patient=get_user("resident").patient, wait__stays=True)
    desk = get_user("desk")
    day = stays.day + timedelta(days=1)
    offer = availability.Offer(
        department_id=stays.department_id, clinician_id=stays.clinician_id, capacity=2
    )
    with by(desk):
        planned = availability.plan_session(
            actor=desk, offer=offer, day=day, starts=time(9), ends=time(10)
        )
        availability.publish_session(actor=desk, session_id=planned.pk)
    outbox.deliver_waiting()
    stays.refresh_from_db()
    assert (stays.status, stays.day) == ("booked", day)
