"""The story can be laid on any day: what opens next and what was booked do not meet."""

import pytest
import time_machine

from scheduling.appointments import waitlist
from scheduling.appointments.models import Appointment
from scheduling.referrals.models import Referral
from telemed.demo import attended, seeding, tasks
from telemed.demo.accounts import get_user
from tests.keeping import quicken_pins

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-28 04:00+08:00",  # a Saturday: Monday has her evening by video
        "2026-11-29 13:00+08:00",  # a Sunday: at Monday's first place she is elsewhere
    ],
)
def test_the_ways_to_a_hospital_are_laid_on_any_day(day, monkeypatch):
    monkeypatch.setattr(seeding, "ring_task", lambda task: None)
    monkeypatch.setattr(attended, "lay_visits", lambda: True)  # four weeks that are over
    quicken_pins(monkeypatch)
    with time_machine.travel(day):
        seeding.seed(lambda said: None)
        tasks.lay_referrals_task()
    own = get_user("resident").patient
    assert set(Referral.objects.values_list("status", flat=True)) >= {"sent", "accepted"}
    assert Appointment.objects.filter(patient=own, status="booked").count() >= 4
    stays = Appointment.objects.get(patient=own, wait__stays=True)
    assert (stays.status, stays.holds_place) == ("displaced", False)
    assert waitlist.line_with(stays) == (1, 1)
    assert Referral.objects.filter(patient=own, appointment__status="booked").count() == 1
