"""Who is told of a booking: an elder without an account is reached, too, and nobody in silence."""

from datetime import UTC, timedelta

import pytest
import time_machine
from django.urls import reverse

from records.mpi.reaching import audience_of
from scheduling.appointments import services
from scheduling.appointments.displaced import displaced_by
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Forbidden
from telemed.core.intentions import System
from telemed.core.models import Clock
from telemed.notifications import services as notifications
from telemed.notifications.models import Call, Delivery, Notification
from telemed.notifications.queries import phone_list
from tests.factories.people import (
    ClinicFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days

pytestmark = pytest.mark.django_db
CLOCKS = System("test")


def outgoing(by, appointment, template):
    """What the gateway is given, at noon."""
    row = Delivery.objects.get(notification__about=appointment.pk, notification__template=template)
    Delivery.objects.filter(pk=row.pk, state="held").update(state="queued")
    noon = row.created_at.astimezone(UTC).replace(hour=4) + timedelta(days=1)
    with time_machine.travel(noon), by(CLOCKS):
        return notifications.claim(delivery_id=row.pk)


@pytest.fixture
def clerk():
    return StaffFactory(
        role="desk", organisation=OrganisationFactory(phone="0851-8888"), language="en"
    )


@pytest.fixture
def period(clerk):
    session = SessionFactory(department__organisation=clerk.organisation)
    return PeriodFactory(session=session, public=3, walk_in=3)


@pytest.fixture
def later(period):
    session = SessionFactory(
        department=period.department, clinician=period.clinician, day=in_days(9)
    )
    return PeriodFactory(session=session, public=3)


def book(by, actor, patient, period):
    with by(actor):
        appointment = services.book(actor=actor, patient=patient, period_id=period.pk)
    outbox.deliver_waiting()
    return appointment


@pytest.fixture
def elder(by, clerk, period):
    """Booked at the desk for a woman without an account."""
    return book(by, clerk, PatientFactory(name="王桂芳", phone="13812345678"), period)


@pytest.fixture
def unlisted(by, clerk, period):
    """And for a man whose number nobody knows."""
    return book(by, clerk, PatientFactory(name="李有田", phone=""), period)


def stop(by, clerk, period, plan=Stop.Plan.CANCEL):
    with by(clerk):
        stopped = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="医生外出开会", plan=plan
        )
    outbox.deliver_waiting()
    with time_machine.travel(stopped.final_at + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()
    return stopped


def told(appointment):
    return set(Notification.objects.filter(about=appointment.pk).values_list("template", flat=True))


def names(caller):
    return [item.who.name for item in phone_list(caller)]


def test_a_booking_at_the_desk_is_confirmed_by_sms_to_the_number_of_the_index(by, elder):
    note = Notification.objects.get(about=elder.pk)
    assert (note.template, note.recipient, note.person_id) == (
        "appointment.booked",
        None,
        elder.patient_id,
    )
    message = outgoing(by, elder, "appointment.booked")
    assert (message.channel, message.to) == ("sms", "13812345678")


def test_an_elder_is_told_that_the_clinic_stops_and_rung_after_four_hours(
    by, clerk, period, later, elder
):
    stop(by, clerk, period, Stop.Plan.ANOTHER_DAY)
    question = Notification.objects.get(about=elder.pk, template="stop.notice")
    assert question.deliveries.get().channel == "sms"
    assert "0851-8888" in question.text
    with time_machine.travel(question.created_at + timedelta(hours=1)):
        clocks.fire_due()
    assert names(clerk) == []  # an SMS has its time first
    phoned = Clock.objects.get(about=elder.pk, kind="displaced.choice", rung=0)
    with time_machine.travel(phoned.due_at):
        clocks.fire_due()
    assert names(clerk) == ["王桂芳"]


def test_the_sms_says_whom_to_phone_and_what_to_answer(by, clerk, period, elder):
    stop(by, clerk, period)
    message = outgoing(by, elder, "stop.stay")
    assert "0851-8888" in message.text
    assert "http" not in message.text
    assert message.params["link"] == ""


def test_whoever_has_no_number_is_on_the_phone_list_at_once_and_only_when_it_presses(
    by, clerk, period, unlisted
):
    assert names(clerk) == []  # of a booking that simply stands nobody is rung
    stop(by, clerk, period)
    assert names(clerk) == ["李有田"]
    [item] = phone_list(clerk)
    assert item.delivery.notification.template == "stop.stay"


def test_the_clinic_that_booked_rings_and_the_hospital_does_not(by, period, clerk):
    doctor = StaffFactory(role="township_doctor", organisation=ClinicFactory(), language="en")
    patient = treated(PatientFactory(name="陈阿婆"), doctor.organisation)
    visit = book(by, doctor, patient, period)
    stop(by, clerk, period)
    assert "stop.stay" in told(visit)
    assert (names(doctor), names(clerk)) == (["陈阿婆"], [])


def test_a_desk_rings_residents_and_sees_no_word_of_cases(by, clerk):
    doctor = StaffFactory(role="specialist", organisation=clerk.organisation)
    with by(StaffFactory(role="coordinator", organisation=clerk.organisation)):
        note = notifications.notify(
            recipient=doctor,
            template="case.accepted",
            about=doctor.pk,
            url="/",
            org="甲",
            who="乙",
            no="C1",
        )
        notifications.to_phone_list(note)
    assert names(clerk) == []


def test_who_has_died_is_neither_told_nor_rung(by, clerk, period, unlisted):
    stop(by, clerk, period)
    patient = unlisted.patient
    patient.deceased_on = in_days(0)
    patient.save()
    assert names(clerk) == []


def test_a_reminder_and_an_offer_reach_whoever_has_no_account(by, clerk, period, elder):
    reminder = Clock.objects.get(about=elder.pk, kind="appointment.remind", rung=0)
    with time_machine.travel(reminder.due_at):
        clocks.fire_due()
    assert "appointment.remind" in told(elder)


def test_a_child_that_booked_for_a_parent_speaks_for_them():
    parent, child = PatientFactory(), PatientFactory(user=UserFactory())
    doctor = StaffFactory(role="township_doctor")
    assert audience_of(parent, [child.user]).person is None
    assert audience_of(parent, [doctor]).person == parent.pk
    assert audience_of(child).accounts == [child.user]


def test_the_session_page_lists_whom_it_displaced_and_how_far_each_is(
    by, client, clerk, period, later, elder, unlisted
):
    stopped = stop(by, clerk, period, Stop.Plan.ANOTHER_DAY)
    rows = {row.appointment.patient.name: row for row in displaced_by(stopped)}
    assert set(rows) == {"王桂芳", "李有田"}
    assert rows["李有田"].told.to_phone
    assert rows["王桂芳"].told.told_at
    client.force_login(clerk)
    page = client.get(f"/sessions/{period.session_id}/").content.decode()
    assert "王桂芳" in page
    assert 'href="tel:13812345678"' in page
    assert reverse("booking:phoned", args=[unlisted.pk]) in page


def test_the_desk_marks_whom_it_rang_and_answers_for_them(
    by, client, clerk, period, later, elder, unlisted
):
    stopped = stop(by, clerk, period, Stop.Plan.ANOTHER_DAY)
    client.force_login(clerk)
    client.post(reverse("booking:phoned", args=[unlisted.pk]), {"result": "reached"})
    client.post(reverse("booking:rebook", args=[unlisted.pk]))
    client.post(reverse("booking:rebook", args=[elder.pk]))
    rows = {row.appointment.patient.name: row for row in displaced_by(stopped)}
    assert rows["李有田"].told.phoned_at
    assert rows["李有田"].moved
    assert rows["王桂芳"].moved
    assert Call.objects.get().result == "reached"
    assert names(clerk) == []


def test_whoever_answered_is_rung_no_more(by, clerk, period, later, unlisted):
    stop(by, clerk, period, Stop.Plan.ANOTHER_DAY)
    assert names(clerk) == ["李有田"]
    with by(clerk):
        services.rebook(actor=clerk, appointment_id=unlisted.pk)
    assert names(clerk) == []
    assert Delivery.objects.get(channel="phone").state == "stopped"


def test_only_the_desk_of_the_hospital_marks_calls(by, clerk, period, elder):
    stop(by, clerk, period)
    own = StaffFactory(role="specialist", organisation=clerk.organisation)
    elder.refresh_from_db()
    type(elder).objects.filter(pk=elder.pk).update(clinician=own)
    with by(own), pytest.raises(Forbidden):
        services.note_phoned(actor=own, appointment_id=elder.pk, result="reached")


def test_nobody_is_rung_before_they_were_told(by, clerk, period, elder):
    with by(clerk):
        availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="医生外出开会", plan=Stop.Plan.CANCEL
        )
    outbox.deliver_waiting()
    with by(clerk), pytest.raises(Conflict):
        services.note_phoned(actor=clerk, appointment_id=elder.pk, result="reached")


def test_without_a_doctor_of_that_level_whoever_booked_is_rung_at_once(by, clerk, period, elder):
    period.session.title = "chief"
    period.session.save()
    own = PatientFactory(user=UserFactory(name="赵明"))
    book(by, own.user, own, period)
    stop(by, clerk, period, Stop.Plan.SUBSTITUTE)
    assert sorted(names(clerk)) == ["王桂芳", "赵明"]
