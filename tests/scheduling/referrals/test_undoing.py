"""Taking back within ten minutes, on both sides."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from scheduling.appointments.models import Appointment
from scheduling.referrals import services
from scheduling.referrals.models import Round, Status
from scheduling.referrals.services.answering import Offer
from telemed.core import outbox
from telemed.core.errors import Conflict, Forbidden
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from tests.consult.requests.looking import published
from tests.factories.greens import acknowledged
from tests.factories.referrals import accepted, arrived, by, sent
from tests.factories.scheduling import places_of
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
LATE = timedelta(minutes=11)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def undo(actor, service, found):
    with by(actor):
        return service(actor=actor, referral_id=found.referral.pk)


def running(found):
    rows = Clock.objects.filter(about=found.referral.pk, state=ClockState.RUNNING)
    return set(rows.values_list("kind", flat=True))


def test_what_was_sent_is_taken_back_without_a_reason_and_the_place_goes_back():
    found = sent()
    undo(found.sender, services.undo_send, found)
    assert found.refresh().status == Status.CANCELLED
    assert places_of(found.period)["referral"] == (0, 1)
    assert running(found) == set()
    assert undo(found.sender, services.undo_send, found).status == Status.CANCELLED


def test_later_once_answered_or_by_others_it_is_not():
    found = sent()
    with time_machine.travel(timezone.now() + LATE), pytest.raises(Conflict, match="ten minutes"):
        undo(found.sender, services.undo_send, found)
    with pytest.raises(Forbidden):
        undo(found.coordinator, services.undo_send, found)
    there = accepted()
    with pytest.raises(Conflict, match="answered already"):
        undo(there.sender, services.undo_send, there)
    assert found.refresh().status == Status.SENT


@pytest.mark.parametrize("bed", [True, False])
def test_an_acceptance_is_taken_back_and_the_department_answers_anew(bed):
    found = accepted(bed=bed)
    undo(found.doctor, services.undo_accept, found)
    outbox.deliver_waiting()
    referral = found.refresh()
    assert (referral.status, referral.appointment, referral.place) == (Status.SENT, None, "")
    assert running(found) == {"referral.accept"}
    assert not Appointment.objects.filter(status="booked").exists()
    one = referral.rounds.get()
    assert (one.status, one.answered_by) == (Round.Status.ASKED, None)
    assert published(one.pk)["status"] == "requested"
    told = Notification.objects.filter(recipient=found.sender, template="referral.unaccepted")
    assert told.count() == 1
    again = accepted_again(found)
    assert again.status == Status.ACCEPTED


def accepted_again(found):
    bed = Offer(place="三楼 12 床", expected_at=timezone.now() + timedelta(days=1))
    with by(found.coordinator):
        return services.accept(actor=found.coordinator, referral_id=found.referral.pk, offer=bed)


def test_after_ten_minutes_arrival_or_by_the_sender_an_acceptance_stands():
    found = accepted()
    with time_machine.travel(timezone.now() + LATE), pytest.raises(Conflict, match="stands"):
        undo(found.doctor, services.undo_accept, found)
    with pytest.raises(Forbidden):
        undo(found.sender, services.undo_accept, found)
    there = arrived()
    with pytest.raises(Conflict, match="taken back"):
        undo(there.doctor, services.undo_accept, there)
    green = acknowledged().road
    with pytest.raises(Conflict, match="taken back"):
        undo(green.doctor, services.undo_accept, green)


@committed
def test_taking_an_acceptance_back_and_arriving_at_once_is_one_of_them():
    found = accepted(bed=True)

    def call(actor, service):
        return lambda: undo(actor, service, found)

    ended = race([call(found.doctor, services.undo_accept), call(found.desk, services.arrive)])
    assert ended["won"] == 1
    assert found.refresh().status in (Status.SENT, Status.ARRIVED)
