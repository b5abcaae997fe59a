"""The last rung of the room's ladder: without a call, each side reads the other's number."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from consult.rooms import services
from consult.rooms.models import Participant
from consult.rooms.tasks import sweep_rooms_task
from telemed.core import clocks
from telemed.core.models import Clock, ClockState
from telemed.people.models import Role as StaffRole
from tests.consult.rooms.log import kinds
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db


def falls(do, inside, who, mode="text", by="auto"):
    line = {"kbit_s": 9, "rtt_ms": 1800, "loss": 0.4}
    do(services.log_quality, who, room_id=inside.room.pk, mode=mode, by=by, **line)


def running(inside):
    return Clock.objects.filter(about=inside.room.pk, kind="room.line", state=ClockState.RUNNING)


def wait_out(inside):
    """Until the clock runs out, with everybody present who was."""
    due = running(inside).get().due_at
    with time_machine.travel(due + timedelta(seconds=1), tick=False):
        inside.room.participants.filter(status="admitted").update(seen_at=due)
        clocks.fire_due()


def shown(inside):
    return [event.body for event in inside.room.events.filter(kind="phone.shown").order_by("seq")]


def test_when_text_is_all_that_is_left_for_two_minutes_both_sides_read_a_number(inside, do):
    falls(do, inside, inside.asking, mode="audio")
    assert not running(inside).exists()
    falls(do, inside, inside.asking)
    clock = running(inside).get()
    assert abs(clock.due_at - clock.created_at - timedelta(minutes=2)) < timedelta(seconds=5)

    wait_out(inside)

    case = inside.room.case
    assert shown(inside) == [
        {"side": side, "reason": "media", "organisation": place.name, "phone": place.phone}
        for side, place in (("requester", case.asking), ("specialist", case.asked))
    ]


def test_a_line_that_comes_back_in_time_shows_nothing(inside, do):
    falls(do, inside, inside.asking)
    falls(do, inside, inside.answering)
    falls(do, inside, inside.asking, mode="audio")
    assert running(inside).exists()  # the other still has text alone
    falls(do, inside, inside.answering, mode="still")
    assert not running(inside).exists()


def test_who_loads_the_page_anew_is_not_held_to_what_the_line_was(inside, do):
    falls(do, inside, inside.asking)
    do(services.join_room, inside.asking, room_id=inside.room.pk, connection=uuid4())
    assert not running(inside).exists()


def test_a_colleague_who_can_be_heard_is_a_line(inside, do):
    colleague = StaffFactory(role=StaffRole.TOWNSHIP_DOCTOR, organisation=inside.room.case.asking)
    do(services.join_room, colleague, room_id=inside.room.pk, connection=uuid4())
    falls(do, inside, inside.asking)
    assert not running(inside).exists()


def test_who_chose_text_has_a_line(inside, do):
    falls(do, inside, inside.asking, by="manual")
    assert not running(inside).exists()


def test_when_text_is_gone_too_it_is_shown_as_well(inside, do):
    lost = timezone.now() + Participant.LEASE + timedelta(seconds=5)
    with time_machine.travel(lost, tick=False):
        inside.room.participants.filter(user=inside.asking).update(seen_at=lost)
        sweep_rooms_task()
    wait_out(inside)
    assert [body["reason"] for body in shown(inside)] == ["line", "line"]


def test_who_is_back_stops_it(inside, do):
    lost = timezone.now() + Participant.LEASE + timedelta(seconds=5)
    with time_machine.travel(lost, tick=False):
        inside.room.participants.filter(user=inside.asking).update(seen_at=lost)
        sweep_rooms_task()
        assert running(inside).exists()
        do(services.join_room, inside.answering, room_id=inside.room.pk, connection=uuid4())
        assert not running(inside).exists()


def hidden(inside):
    return kinds(inside.room).count("phone.hidden")


def test_while_the_line_stays_away_it_is_said_once(inside, do):
    falls(do, inside, inside.asking)
    wait_out(inside)

    falls(do, inside, inside.answering)

    assert not running(inside).exists()
    assert len(shown(inside)) == 2
    assert not hidden(inside)


def test_when_the_line_bears_a_call_again_the_number_goes_once_and_it_may_be_said_anew(inside, do):
    falls(do, inside, inside.asking)
    wait_out(inside)
    falls(do, inside, inside.answering, mode="video")  # not the one that had fallen out
    assert not hidden(inside)

    falls(do, inside, inside.asking, mode="audio")
    falls(do, inside, inside.asking, mode="video")
    assert hidden(inside) == 1

    falls(do, inside, inside.asking)
    wait_out(inside)
    assert len(shown(inside)) == 4


def test_when_the_doctor_comes_back_the_number_goes(inside, do):
    lost = timezone.now() + Participant.LEASE + timedelta(seconds=5)
    with time_machine.travel(lost, tick=False):
        inside.room.participants.filter(user=inside.asking).update(seen_at=lost)
        sweep_rooms_task()
    wait_out(inside)
    assert not hidden(inside)
    do(services.join_room, inside.answering, room_id=inside.room.pk, connection=uuid4())
    assert hidden(inside) == 1


def test_the_end_of_the_room_stops_it(inside, do):
    falls(do, inside, inside.asking)
    do(services.end_room, inside.asking, room_id=inside.room.pk)
    assert not running(inside).exists()
    assert "phone.shown" not in kinds(inside.room)


def test_the_log_tells_it(inside, do, client):
    falls(do, inside, inside.asking)
    wait_out(inside)
    client.force_login(inside.asking)
    client.cookies["language"] = "en"
    page = client.get(reverse("rooms:record", args=[inside.room.pk])).content.decode()
    assert "The line bore no call; the phone number was shown" in page
    assert "The phone number is no longer shown" not in page
    falls(do, inside, inside.asking, mode="audio")
    page = client.get(reverse("rooms:record", args=[inside.room.pk])).content.decode()
    assert "The phone number is no longer shown" in page


def test_the_ladder_of_the_page_ends_with_the_phone(inside, client):
    client.force_login(inside.asking)
    page = client.get(reverse("rooms:room", args=[inside.room.case_id])).content.decode()
    phone = inside.room.case.asked.phone
    assert f'data-room="phone-step"><a href="tel:{phone}"' in page
