"""What each class does, and when: Q, N, U, E."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
import time_machine

from telemed.core.clocks import fire_due
from telemed.notifications import services
from telemed.notifications.models import Delivery, Preference, State
from telemed.notifications.tasks import deliver_task
from tests.factories.rota import on
from tests.telemed.notifications.conftest import MORNING, NIGHT, NOON, channels

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def pass_time(now, minutes):
    """What the clocks and the courier do until then."""
    now.shift(minutes * MINUTE)
    fire_due()
    deliver_task()


def test_quiet_stays_in_the_inbox(noon, sms, doctor, tell):
    note = tell(doctor, "case.closed")
    pass_time(noon, 60)
    assert channels(note) == {"in_app": "sent"}


def test_normal_is_the_inbox_for_staff_and_an_sms_for_residents(noon, sms, doctor, resident, tell):
    staff = tell(doctor, "case.scheduled")
    own = tell(resident, "case.scheduled")
    deliver_task()
    assert channels(staff) == {"in_app": "sent"}
    assert channels(own) == {"in_app": "sent", "sms": "delivered"}


def test_urgent_goes_out_again_after_three_minutes_and_to_the_phone_after_ten(
    noon, sms, doctor, tell
):
    note = tell(doctor, "case.offered")
    pass_time(noon, 2)
    assert channels(note) == {"in_app": "sent"}
    pass_time(noon, 1)
    assert channels(note) == {"in_app": "sent", "sms": "delivered"}
    pass_time(noon, 6)
    assert "phone" not in channels(note)
    pass_time(noon, 1)
    assert channels(note)["phone"] == State.ON_PHONE_LIST


def test_an_emergency_goes_out_at_once_and_to_the_phone_after_five(noon, sms, doctor, tell):
    note = tell(doctor, "case.emergency")
    deliver_task()
    assert channels(note) == {"in_app": "sent", "sms": "delivered"}
    pass_time(noon, 5)
    assert channels(note)["phone"] == State.ON_PHONE_LIST


def test_off_shift_what_is_urgent_waits_for_working_hours_unless_it_is_pressing(sms, doctor, tell):
    with time_machine.travel(NIGHT, tick=False) as now:
        calm = tell(doctor, "case.offered")
        pressing = tell(doctor, "case.offered", pressing=True)
        pass_time(now, 11)
        assert channels(calm) == {"in_app": "sent"}
        assert channels(pressing)["phone"] == State.ON_PHONE_LIST
        now.move_to(NIGHT.replace(day=30, hour=8, minute=4))
        pass_time(now, 0)
        assert channels(calm) == {"in_app": "sent", "sms": "delivered"}


def test_who_stops_working_meanwhile_is_left_alone_too(sms, doctor, tell):
    with time_machine.travel(NOON.replace(hour=17, minute=58), tick=False) as now:
        note = tell(doctor, "case.offered")
        pass_time(now, 5)
        assert channels(note) == {"in_app": "sent"}


def test_who_is_on_duty_at_night_is_told_at_once(sms, doctor, tell):
    on(doctor, doctor.acting_as.organisation, NIGHT - timedelta(hours=6))
    with time_machine.travel(NIGHT, tick=False) as now:
        note = tell(doctor, "case.offered")
        pass_time(now, 3)
        assert channels(note)["sms"] == State.DELIVERED


# Quiet hours


def test_at_night_a_resident_is_not_woken_and_hears_one_message_a_matter(sms, resident, tell):
    matter = uuid4()
    with time_machine.travel(NIGHT, tick=False) as now:
        first = tell(resident, "opinion.signed", about=matter)
        second = tell(resident, "opinion.amended", about=matter)
        other = tell(resident, "case.scheduled")
        deliver_task()
        assert channels(first)["sms"] == State.HELD
        now.move_to(MORNING - timedelta(seconds=1))
        pass_time(now, 0)
        assert len(sms.taken) == 0
        now.move_to(MORNING)
        pass_time(now, 0)
    assert channels(first)["sms"] == State.STOPPED
    assert channels(second)["sms"] == State.DELIVERED
    assert channels(other)["sms"] == State.DELIVERED
    assert len(sms.taken) == 2


def test_what_a_late_worker_finds_at_night_waits_too(sms, resident, tell):
    with time_machine.travel(NIGHT.replace(hour=21, minute=59), tick=False) as now:
        note = tell(resident, "case.scheduled")
        now.shift(2 * MINUTE)
        deliver_task()
        assert channels(note)["sms"] == State.HELD


def test_an_urgent_message_does_not_wait_for_the_morning(sms, resident, tell):
    with time_machine.travel(NIGHT, tick=False) as now:
        note = tell(resident, "breakglass.opened", kin="you")
        pass_time(now, 3)
        assert channels(note)["sms"] == State.DELIVERED


@pytest.mark.parametrize(
    ("begin", "end", "at", "until"),
    [
        ("22:00", "07:00", "23:30", "2026-09-30 07:00"),
        ("22:00", "07:00", "06:59", "2026-09-29 07:00"),
        ("22:00", "07:00", "07:00", None),
        ("22:00", "07:00", "21:59", None),
        ("12:30", "14:00", "13:00", "2026-09-29 14:00"),
        ("12:00", "12:00", "12:00", None),
    ],
)
def test_quiet_hours_end_when_they_say(begin, end, at, until):
    preference = Preference(
        quiet_from=time.fromisoformat(begin), quiet_until=time.fromisoformat(end)
    )
    moment = NOON.replace(hour=int(at[:2]), minute=int(at[3:]))
    ends = preference.quiet_end(moment)
    assert (f"{ends:%Y-%m-%d %H:%M}" if ends else None) == until


# Refusing, reading, settling


def test_who_wants_urgent_messages_only_gets_no_other_but_legal_notices(noon, sms, resident, tell):
    Preference.objects.create(user=resident, urgent_only=True)
    usual = tell(resident, "case.scheduled")
    legal = tell(resident, "consent.given", state="x")
    urgent = tell(resident, "room.waiting")
    pass_time(noon, 3)
    assert channels(usual) == {"in_app": "sent"}
    assert channels(legal)["sms"] == State.DELIVERED
    assert channels(urgent)["sms"] == State.DELIVERED


def test_opting_out_stops_what_is_already_on_its_way(noon, sms, resident, tell):
    note = tell(resident, "case.scheduled")
    Preference.objects.create(user=resident, urgent_only=True)
    deliver_task()
    assert channels(note)["sms"] == State.STOPPED


def test_reading_stops_every_other_way(noon, sms, doctor, tell, by):
    note = tell(doctor, "case.emergency")
    with by(doctor):
        services.mark_read(actor=doctor, pk=note.pk)
    pass_time(noon, 30)
    assert channels(note) == {"in_app": "read", "sms": "stopped"}
    assert not sms.taken


def test_reading_takes_a_person_off_the_phone_list(noon, sms, doctor, tell, by):
    note = tell(doctor, "case.emergency")
    pass_time(noon, 5)
    with by(doctor):
        services.mark_read(actor=doctor, about=note.about)
    assert channels(note)["phone"] == State.STOPPED


def test_a_subject_that_is_over_stops_what_was_urgent_and_not_what_residents_are_told(
    noon, sms, doctor, resident, tell, by
):
    about = uuid4()
    urgent = tell(doctor, "case.emergency", about=about)
    own = tell(resident, "opinion.signed", about=about)
    with by(doctor):
        assert services.settle(about=about) == 1
    pass_time(noon, 10)
    assert channels(urgent) == {"in_app": "sent", "sms": "stopped"}
    assert channels(own)["sms"] == State.DELIVERED


def test_nobody_is_told_the_same_thing_twice(noon, doctor, tell):
    about = uuid4()
    assert tell(doctor, "case.emergency", about=about)
    assert tell(doctor, "case.emergency", about=about) is None
    assert Delivery.objects.filter(channel="sms").count() == 1
