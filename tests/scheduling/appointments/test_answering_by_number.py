"""Who has no account answers a message by SMS, from the number in the index."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from records.consent import access
from scheduling.appointments import services
from scheduling.appointments.displaced import displaced_by
from scheduling.appointments.models import Appointment, Response, Status
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict
from telemed.core.intentions import System, intention
from telemed.notifications.models import Delivery, Notification
from telemed.notifications.persons import Speaker
from telemed.notifications.queries import phone_list
from telemed.notifications.replies import Answer, understand_for
from telemed.notifications.services import receive_reply
from telemed.notifications.tasks import deliver_task
from telemed.people.models import User
from tests.factories.duties import due, serve
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.registration import TeamFactory, resident_of
from tests.factories.scheduling import PeriodFactory, SessionFactory, at, at_once, in_days

pytestmark = pytest.mark.django_db
NUMBER = "13812345678"


@pytest.fixture(autouse=True)
def by_day():
    with translation.override("en"), time_machine.travel(at(timezone.localdate(), 10)):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=3, walk_in=3, session__department__organisation__phone="0851-8888")


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


def elder(by, clerk, period, name="王桂芳", card="5511", phone=NUMBER):
    patient = PatientFactory(name=name, phone=phone, id_card_tail=card)
    with by(clerk):
        return services.book(actor=clerk, patient=patient, period_id=period.pk)


def stop(by, clerk, period, plan=Stop.Plan.ANOTHER_DAY):
    with by(clerk):
        stopped = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="会议", plan=plan
        )
    outbox.deliver_waiting()
    with time_machine.travel(stopped.final_at + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()
        deliver_task()


@pytest.fixture
def later(period):
    session = SessionFactory(
        department=period.department, clinician=period.clinician, day=in_days(9)
    )
    return PeriodFactory(session=session, public=3)


def reply(text, number=NUMBER):
    with intention(System("gateway"), door="webhook"):
        return receive_reply(phone=f"+86{number}", text=text)


def status(booked):
    return Appointment.objects.get(pk=booked.pk).status


def test_one_takes_the_kept_place_and_it_is_the_person_who_said_so(by, clerk, period, later):
    booked = elder(by, clerk, period)
    stop(by, clerk, period)
    assert reply("1") == Answer.YES
    booked.refresh_from_db()
    assert (booked.status, booked.period_id) == (Status.BOOKED, later.pk)
    assert Response.objects.get(appointment=booked).said_by == Response.By.SELF
    question = Notification.objects.get(about=booked.pk, template="stop.notice")
    assert question.read_at
    assert reply("3") is None  # it is answered, and nothing else is open
    assert status(booked) == Status.BOOKED
    at_once(lambda: None)


def test_three_cancels(by, clerk, period, later):
    booked = elder(by, clerk, period)
    stop(by, clerk, period)
    reply("3")
    assert (status(booked), Appointment.objects.get(pk=booked.pk).late) == ("cancelled", False)
    at_once(lambda: None)


def call_about(booked):
    """How it stands with the call to that person; None where nobody has to phone."""
    about = Delivery.objects.filter(notification__about=booked.pk, channel="phone")
    return about.values_list("state", flat=True).first()


def phone(by, clerk, booked, result):
    with by(clerk):
        services.note_phoned(
            actor=clerk, appointment_id=booked.pk, result=result, spoke_with="女儿"
        )


def test_two_asks_to_be_phoned_at_once_and_one_still_takes_the_kept_place(by, clerk, period, later):
    booked = elder(by, clerk, period)
    stop(by, clerk, period)
    assert call_about(booked) is None
    assert reply("2") == Answer.NO
    assert (status(booked), call_about(booked)) == ("displaced", "on_phone_list")
    said = Notification.objects.get(about=booked.pk, template="stop.call")
    hospital = period.organisation.name
    assert said.text == f"{hospital} phones you about another time, or phone 0851-8888"
    assert (said.person_id, said.recipient) == (booked.patient_id, None)
    assert [one.delivery.notification.about for one in phone_list(clerk)] == [booked.pk]
    reply("2")
    assert Notification.objects.filter(template="stop.call").count() == 1
    assert reply("1") == Answer.YES
    assert (status(booked), call_about(booked)) == (Status.BOOKED, "stopped")


def test_two_keeps_whoever_is_on_the_phone_list_there(by, clerk, period, later):
    booked = elder(by, clerk, period)
    stop(by, clerk, period)
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        clocks.fire_due()
        assert call_about(booked) == "on_phone_list"
        reply("2")
        assert call_about(booked) == "on_phone_list"


@pytest.mark.parametrize("calls", [["reached"], ["relayed"], ["no_answer"] * 3])
def test_two_after_a_call_is_one_open_row_on_the_list_again(by, clerk, period, later, calls):
    booked = elder(by, clerk, period)
    stop(by, clerk, period)
    reply("2")
    for result in calls:
        phone(by, clerk, booked, result)
    assert phone_list(clerk) == []

    assert [reply("2"), reply("2")] == [Answer.NO, Answer.NO]

    [item] = phone_list(clerk)
    assert (item.delivery.notification.about, item.delivery.tries) == (booked.pk, 0)
    assert Notification.objects.filter(template="stop.call").count() == 2  # said after the call
    [row] = displaced_by(Stop.objects.get())
    assert (row.told.to_phone, row.told.phoned_at, row.told.calls) == (True, None, 0)
    phone(by, clerk, booked, "busy")
    assert call_about(booked) == "on_phone_list"  # three calls count anew
    phone(by, clerk, booked, "reached")
    with pytest.raises(Conflict, match="reached them already"):
        phone(by, clerk, booked, "reached")


def test_the_desk_rings_once_more_whom_three_calls_did_not_reach(by, clerk, period, later):
    booked = elder(by, clerk, period)
    stop(by, clerk, period)
    for result in ["no_answer"] * 3:
        phone(by, clerk, booked, result)
    assert call_about(booked) == "unreachable"
    phone(by, clerk, booked, "reached")
    assert call_about(booked) == "called"


def test_two_asks_for_a_call_where_nothing_is_kept_either(by, clerk, period):
    booked = elder(by, clerk, period)
    stop(by, clerk, period, Stop.Plan.CANCEL)
    reply("2")
    assert call_about(booked) == "on_phone_list"
    assert reply("1") == Answer.YES
    assert Appointment.objects.get(pk=booked.pk).wait.stays


def test_an_account_that_says_two_chooses_on_the_page(by, clerk, period, later):
    actor = UserFactory(phone=NUMBER, phone_verified=True)
    own = PatientFactory(user=actor, phone=NUMBER)
    with by(actor):
        booked = services.book(actor=actor, patient=own, period_id=period.pk)
    stop(by, clerk, period)
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        clocks.fire_due()
        deliver_task()
        assert reply("2") == Answer.NO
    assert status(booked) == "displaced"
    assert not Notification.objects.filter(template="stop.call").exists()


def test_where_nothing_is_kept_one_stays_with_the_doctor(by, clerk, period):
    booked = elder(by, clerk, period)
    stop(by, clerk, period, Stop.Plan.CANCEL)
    reply("1")
    assert Appointment.objects.get(pk=booked.pk).wait.stays


def test_in_a_household_the_answer_says_for_whom(by, clerk, period, later):
    first = elder(by, clerk, period)
    second = elder(by, clerk, period, name="李有田", card="077X")
    stop(by, clerk, period)
    assert reply("1") is None
    assert {status(first), status(second)} == {Status.DISPLACED}
    assert Notification.objects.filter(template="reply.whom").count() == 1
    assert reply("1 9999") is None
    assert reply("1，077x") == Answer.YES
    assert (status(first), status(second)) == (Status.DISPLACED, Status.BOOKED)
    assert reply("3") == Answer.THIRD  # one is left
    assert status(first) == Status.CANCELLED
    at_once(lambda: None)


def test_a_name_says_it_too(by, clerk, period, later):
    first = elder(by, clerk, period)
    second = elder(by, clerk, period, name="李有田", card="")
    stop(by, clerk, period)
    reply("1 李有田")
    assert (status(first), status(second)) == (Status.DISPLACED, Status.BOOKED)


def test_an_account_and_a_person_at_one_number_are_told_apart(by, clerk, period, later):
    daughter = UserFactory(phone=NUMBER, phone_verified=True)
    own = PatientFactory(user=daughter, name="王小芳", id_card_tail="1234", phone=NUMBER)
    with by(daughter):
        hers = services.book(actor=daughter, patient=own, period_id=period.pk)
    mothers = elder(by, clerk, period)
    stop(by, clerk, period)
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        clocks.fire_due()
        deliver_task()
        assert reply("1") is None
        assert reply("1 5511") == Answer.YES
    assert (status(hers), status(mothers)) == (Status.DISPLACED, Status.BOOKED)


def test_an_offer_from_the_waitlist_is_taken(by, clerk, period):
    session = SessionFactory(department=period.department, day=in_days(11))
    full = PeriodFactory(session=session, public=1)
    other = PatientFactory(user=UserFactory()).user
    with by(other):
        taken = services.book(actor=other, patient=other.patient, period_id=full.pk)
    patient = PatientFactory(phone=NUMBER, id_card_tail="5511")
    with by(clerk):
        entry = services.join(
            actor=clerk,
            patient=patient,
            department_id=full.department_id,
            day=full.session.day,
        )
    with by(other):
        services.cancel(actor=other, appointment_id=taken.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        clocks.fire_due()
        outbox.deliver_waiting()
        deliver_task()
        assert status(entry) == Status.OFFERED
        assert reply("是") == Answer.YES
    assert status(entry) == Status.BOOKED


@pytest.mark.parametrize(("text", "becomes"), [("1", "confirmed"), ("2", "disputed")])
def test_a_duty_is_confirmed_or_disputed(text, becomes):
    team = TeamFactory()
    patient = resident_of(team, phone=NUMBER, birth_date=date(1970, 1, 1))
    duty = due(team, patient=patient)
    patient.user = None  # signed on paper, from here on told by number
    patient.save(update_fields=["user"])
    serve(duty)
    outbox.deliver_waiting()
    deliver_task()
    reply(text)
    duty.refresh_from_db()
    assert duty.status == becomes


def test_a_stranger_and_who_has_died_answer_nothing(by, clerk, period, later):
    booked = elder(by, clerk, period)
    stop(by, clerk, period)
    assert reply("1", number="13999999999") is None
    booked.patient.deceased_on = timezone.localdate()
    booked.patient.save(update_fields=["deceased_on"])
    assert reply("1") is None
    assert status(booked) == Status.DISPLACED


def test_who_speaks_by_number_speaks_for_themselves_alone(by, clerk, period):
    booked = elder(by, clerk, period)
    speaker = Speaker(person_id=booked.patient_id)
    assert access.decide(speaker, "book", booked).allowed
    assert not access.decide(speaker, "read", booked).allowed
    assert list(access.visible(speaker, "book", Appointment.objects.all())) == [booked]
    assert not access.visible(speaker, "read", Appointment.objects.all()).exists()
    other = elder(by, clerk, period, name="李有田", phone="13800000000")
    assert not access.decide(speaker, "book", other).allowed
    assert not isinstance(speaker, User)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("1", (Answer.YES, "")),
        ("1 5511", (Answer.YES, "5511")),
        ("２，李有田", (Answer.NO, "李有田")),
        ("td", (Answer.STOP, "")),
        ("明天 1", (None, "明天")),
        ("15", (None, "")),
    ],
)
def test_what_is_understood(text, understood):
    said, whom = understand_for(text)
    assert said == understood[0]
    assert said is None or whom == understood[1]
