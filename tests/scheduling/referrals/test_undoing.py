"""Taking back what nobody has seen, and a place before the patient has come."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from scheduling.appointments.models import Appointment
from scheduling.referrals import services
from scheduling.referrals.models import Round, Status
from scheduling.referrals.services.answering import Offer
from telemed.core import outbox
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from tests.consult.requests.looking import published
from tests.factories.greens import acknowledged
from tests.factories.referrals import accepted, arrived, by, sent
from tests.factories.scheduling import places_of
from tests.marks import committed
from tests.racing import race

pytestmark = pytest.mark.django_db
LATE = timedelta(minutes=3)
WHY = "床位刚被急诊占用"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def undo(actor, service, found, **said):
    why = {"reason": WHY} if service == services.undo_accept else {}
    with by(actor):
        return service(actor=actor, referral_id=found.referral.pk, **why | said)


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
    with time_machine.travel(timezone.now() + LATE), pytest.raises(Conflict, match="two minutes"):
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
    undo(found.coordinator, services.undo_accept, found)
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


def test_what_the_other_side_has_opened_is_only_withdrawn():
    found = sent()
    with by(found.sender):
        services.open_referral(actor=found.sender, referral_id=found.referral.pk)
    assert found.referral.rounds.get().seen_at is None
    with by(found.doctor):
        services.open_referral(actor=found.doctor, referral_id=found.referral.pk)
    with pytest.raises(Conflict, match="opened it already"):
        undo(found.sender, services.undo_send, found)
    assert found.refresh().status == Status.SENT


def test_the_coordinator_takes_an_acceptance_back_until_the_patient_is_there_and_says_why():
    found = accepted(bed=True)
    for actor in (found.sender, found.doctor):
        with pytest.raises(Forbidden):
            undo(actor, services.undo_accept, found)
    with pytest.raises(Invalid, match="reason"):
        undo(found.coordinator, services.undo_accept, found, reason="忙")
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert undo(found.coordinator, services.undo_accept, found).status == Status.SENT
    step = found.referral.steps.get(action="referral.undo_accept")
    assert step.facts["reason"] == WHY
    there = arrived()
    with pytest.raises(Conflict, match="taken back"):
        undo(there.coordinator, services.undo_accept, there)
    green = acknowledged().road
    with pytest.raises(Conflict, match="taken back"):
        undo(green.coordinator, services.undo_accept, green)


@committed
def test_taking_an_acceptance_back_and_arriving_at_once_is_one_of_them():
    found = accepted(bed=True)

    def call(actor, service):
        return lambda: undo(actor, service, found)

    ended = race([call(found.coordinator, services.undo_accept), call(found.desk, services.arrive)])
    assert ended["won"] == 1
    assert found.refresh().status in (Status.SENT, Status.ARRIVED)
