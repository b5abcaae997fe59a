"""The desk and the doctor on the day of the visit."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.urls import reverse
from django.utils import translation

from records.consent import access
from records.consent.registration import register_and_treat
from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from scheduling.availability import services as availability
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, NotFound
from tests.factories.people import PatientFactory, StaffFactory, UserFactory, treated
from tests.factories.scheduling import PeriodFactory, SessionFactory

pytestmark = pytest.mark.django_db
DAY, PERSON = reverse("booking:day"), reverse("booking:person")
NUMBER = "520121195804095511"


@pytest.fixture
def period():
    return PeriodFactory(public=2, walk_in=1)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


@pytest.fixture
def booked(by, period):
    actor = PatientFactory(user=UserFactory(), id_card_tail="5511").user
    with by(actor):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


def act(by, actor, service, booked, **more):
    with by(actor):
        return service(actor=actor, appointment_id=booked.pk, **more)


def at(period, **before):
    return time_machine.travel(period.starts_at - timedelta(**before))


def test_a_visit_from_the_desk_to_its_end(by, clerk, period, booked):
    doctor = period.clinician
    with at(period, minutes=20):
        assert act(by, clerk, services.check_in, booked).status == Status.ARRIVED
        assert act(by, doctor, services.call, booked).status == Status.CALLED
        assert act(by, doctor, services.skip, booked).status == Status.ARRIVED
        act(by, doctor, services.call, booked)
        act(by, doctor, services.begin, booked)
        assert act(by, doctor, services.fulfil, booked).status == Status.FULFILLED
    actions = AuditRow.objects.filter(target__contains=str(booked.pk)).order_by("id")
    assert list(actions.values_list("action", flat=True))[1:] == [
        "appointment.check_in",
        "appointment.call",
        "appointment.skip",
        "appointment.call",
        "appointment.begin",
        "appointment.fulfil",
    ]


def test_checking_in_has_its_hour_and_its_card(by, clerk, period, booked):
    with translation.override("en"):
        with at(period, hours=2), pytest.raises(Conflict, match="an hour before"):
            act(by, clerk, services.check_in, booked)
        with at(period, minutes=5), pytest.raises(Conflict, match="does not match"):
            act(by, clerk, services.check_in, booked, number="520121195804091234")
        with at(period, minutes=5):
            assert act(by, clerk, services.check_in, booked, number=NUMBER).status == "arrived"
        over = time_machine.travel(period.session.ends_at + timedelta(minutes=1))
        other = PatientFactory(user=UserFactory()).user
        with by(other):
            late = services.book(actor=other, patient=other.patient, period_id=period.pk)
        with over, pytest.raises(Conflict, match="session is over"):
            act(by, clerk, services.check_in, late)


def test_steps_come_in_their_order(by, clerk, period, booked):
    with at(period, minutes=5):
        for service in (services.call, services.begin, services.fulfil, services.skip):
            with pytest.raises(Conflict):
                act(by, period.clinician, service, booked)


def test_only_its_doctor_and_its_desk(by, period, booked):
    other = StaffFactory(role="specialist", organisation=period.organisation)
    with by(other), pytest.raises(NotFound):
        services.call(actor=other, appointment_id=booked.pk)
    with by(booked.booked_by), pytest.raises(Forbidden):
        services.check_in(actor=booked.booked_by, appointment_id=booked.pk)


def test_a_session_that_ends_marks_who_was_seen_and_who_never_came(by, clerk, period, booked):
    other = PatientFactory(user=UserFactory()).user
    with by(other):
        missed = services.book(actor=other, patient=other.patient, period_id=period.pk)
    with at(period, minutes=5):
        act(by, clerk, services.check_in, booked)
        act(by, period.clinician, services.call, booked)
        act(by, period.clinician, services.begin, booked)
    with time_machine.travel(period.session.ends_at + timedelta(minutes=30)), by(clerk):
        services.miss(session_id=period.session_id)
    states = dict(Appointment.objects.values_list("pk", "status"))
    assert states == {booked.pk: "fulfilled", missed.pk: "noshow"}


def test_the_record_of_a_nameless_session_opens_when_the_patient_is_there(by, clerk, period):
    period.clinician = None
    period.save()
    doctor = StaffFactory(role="specialist", organisation=period.organisation)
    actor = PatientFactory(user=UserFactory()).user
    with by(actor):
        booked = services.book(actor=actor, patient=actor.patient, period_id=period.pk)
    assert not access.decide(doctor, "read", actor.patient).allowed
    with at(period, minutes=5):
        act(by, clerk, services.check_in, booked)
        assert access.decide(doctor, "read", actor.patient).reasons == ("booked_here",)


def test_the_list_shows_what_comes_next_and_who_waits(client, by, clerk, period, booked):
    client.force_login(clerk)
    day = {"day": f"{period.session.day}"}
    with at(period, minutes=5):
        client.force_login(clerk)
        page = client.get(DAY, day).content.decode()
        check_in = reverse("booking:act", args=[booked.pk, "check-in"])
        assert check_in in page
        client.post(check_in, {"number": "5511"})
        assert "1 人在等" in client.get(DAY, day).content.decode()
        client.force_login(period.clinician)
        assert reverse("booking:act", args=[booked.pk, "call"]) in (
            client.get(DAY, day).content.decode()
        )


def test_the_row_of_the_list_asks_for_the_card_before_it_checks_in(client, period, clerk, booked):
    client.cookies["language"] = "en"
    client.force_login(clerk)
    check_in = reverse("booking:act", args=[booked.pk, "check-in"])
    with at(period, minutes=5):
        client.force_login(clerk)
        shown = client.get(DAY, {"day": f"{period.session.day}"}).content.decode()
        assert f"Last four of the ID card of {booked.patient.name}" in shown
        for number, said in (("", "type its last four digits"), ("1234", "does not match")):
            answer = client.post(
                check_in,
                {"number": number},
                follow=True,
                headers={"referer": f"http://testserver{DAY}"},
            )
            assert said in answer.content.decode()
            booked.refresh_from_db()
            assert booked.status == Status.BOOKED
        client.post(check_in, {"number": "5511"})
    booked.refresh_from_db()
    assert booked.status == Status.ARRIVED
    row = AuditRow.objects.get(action="appointment.check_in", refused="")
    assert row.reason == "the last digits of the card"


def test_of_whom_no_card_is_known_the_desk_says_that_it_made_sure(client, by, period, clerk):
    actor = PatientFactory(user=UserFactory()).user
    with by(actor):
        booked = services.book(actor=actor, patient=actor.patient, period_id=period.pk)
    client.cookies["language"] = "en"
    check_in = reverse("booking:act", args=[booked.pk, "check-in"])
    with at(period, minutes=5):
        client.force_login(clerk)
        answer = client.post(check_in, follow=True, headers={"referer": f"http://testserver{DAY}"})
        assert "tick that you made sure who it is" in answer.content.decode()
        client.post(check_in, {"seen": "on"})
    booked.refresh_from_db()
    assert booked.status == Status.ARRIVED
    row = AuditRow.objects.get(action="appointment.check_in", refused="")
    assert row.reason == "no card is known; made sure by the desk"


def test_the_desk_books_whoever_shows_a_card_for_a_quarter_of_an_hour(client, by, clerk, period):
    doctor = StaffFactory()
    with by(doctor):
        patient = register_and_treat(
            actor=doctor, name="王小明", organisation=doctor.organisation, id_card=NUMBER
        )
    client.force_login(clerk)
    found = client.post(PERSON, {"number": NUMBER}, follow=True)
    assert "王小明" in found.content.decode()
    [(address, _status)] = found.redirect_chain
    assert str(patient.pk) not in address
    assert NUMBER not in address
    key = found.context["key"]
    client.post(reverse("booking:hold"), {"period": period.pk, "for": key})
    held = Appointment.objects.get()
    assert (held.pool, held.channel, held.patient) == ("walk_in", "desk", patient)
    other = StaffFactory(role="desk", organisation=period.organisation)
    client.force_login(other)
    assert client.get(address).status_code == 404
    client.force_login(clerk)
    assert client.get(reverse("booking:find"), {"for": patient.pk}).status_code == 404
    with time_machine.travel(held.created_at + timedelta(minutes=16)):
        client.force_login(clerk)
        assert client.get(address).status_code == 404


def focused(answer):
    """Which tag has the focus when the page opens."""
    found = re.findall(r"<(\w+)[^>]* autofocus", answer.content.decode())
    assert len(found) < 2
    return "".join(found)


def test_from_card_to_ticket_the_focus_is_where_the_desk_goes_on(client, by, clerk, period):
    doctor = StaffFactory()
    with by(doctor):
        register_and_treat(
            actor=doctor, name="王小明", organisation=doctor.organisation, id_card=NUMBER
        )
    client.force_login(clerk)
    found = client.post(PERSON, {"number": NUMBER}, follow=True)
    whom = {"for": found.context["key"]}
    assert focused(found) == "a"  # the soonest near by
    nothing = client.get(reverse("booking:find"), whom | {"q": "没有这个科"})
    assert focused(nothing) == "input"  # the search
    named = client.get(reverse("booking:find"), whom | {"q": period.department.name})
    assert focused(named) == "a"
    times = client.get(reverse("booking:times", args=[period.department_id]), whom)
    assert focused(times) == "button"
    held = client.post(reverse("booking:hold"), whom | {"period": period.pk}, follow=True)
    assert focused(held) == "button"
    booked = Appointment.objects.get()
    confirmed = client.post(reverse("booking:confirm", args=[booked.pk]), follow=True)
    assert focused(confirmed) == "a"  # the next person
    with time_machine.travel(booked.created_at + timedelta(minutes=5)):
        client.force_login(clerk)
        assert focused(client.get(reverse("booking:ticket", args=[booked.pk]))) == ""


def test_nobody_else_is_taken_to_the_first_place(client, period):
    client.force_login(PatientFactory(user=UserFactory()).user)
    assert focused(client.get(reverse("booking:find"))) == ""
    assert focused(client.get(reverse("booking:times", args=[period.department_id]))) == ""


def test_what_is_left_when_booking_from_afar_has_closed_is_given_out_at_the_desk(
    client, by, clerk, period
):
    resident = PatientFactory(user=UserFactory(), id_card_tail="5511").user
    with time_machine.travel(period.starts_at + timedelta(minutes=5)):
        with by(clerk):
            availability.close_due(organisation_id=period.organisation_id)
        client.force_login(resident)
        times = reverse("booking:times", args=[period.department_id])
        shown = client.get(times, {"day": f"{period.starts_at:%Y-%m-%d}"})
        assert str(period.pk) not in shown.content.decode()

        client.force_login(clerk)
        doctor = StaffFactory()
        with by(doctor):
            register_and_treat(
                actor=doctor, name="王小明", organisation=doctor.organisation, id_card=NUMBER
            )
        found = client.post(PERSON, {"number": NUMBER}, follow=True)
        assert [one.pk for one in found.context["found"]] == [period.department_id]
        key = found.context["key"]
        shown = client.get(times, {"for": key})
        assert str(period.pk) in shown.content.decode()
        client.post(reverse("booking:hold"), {"period": period.pk, "for": key})
        held = Appointment.objects.get()
        assert (held.pool, held.period) == ("walk_in", period)
        assert act(by, clerk, services.confirm, held).status == Status.BOOKED
        assert act(by, clerk, services.check_in, held).status == Status.ARRIVED
    with time_machine.travel(period.ends_at):
        client.force_login(clerk)
        found = client.post(PERSON, {"number": NUMBER}, follow=True)
        shown = client.get(times, {"for": found.context["key"]})
        assert str(period.pk) not in shown.content.decode()


def test_a_full_day_offers_the_desk_what_is_left_today_and_nobody_else(client, clerk, period):
    period.pools.update(taken=F("places"))
    before = period.starts_at - timedelta(hours=14)  # six in the evening of the day before
    evening = PeriodFactory(
        session=SessionFactory(department=period.department, day=before.date()),
        starts_at=before,
        state="closed",
        public=1,
        walk_in=1,
    )
    times = reverse("booking:times", args=[period.department_id])
    day = {"day": f"{period.session.day}"}
    own = PatientFactory(user=UserFactory()).user
    with time_machine.travel(before - timedelta(minutes=10)):
        shown = {}
        for one in (clerk, own):
            client.force_login(one)
            shown[one] = client.get(times, day).context["full"].free
    assert shown == {clerk: [evening], own: []}


@pytest.mark.parametrize("number", ["", "12", NUMBER, "520121195804095518"])
def test_a_number_that_is_wrong_or_nobodys_is_said(client, clerk, number):
    client.force_login(clerk)
    page = client.post(PERSON, {"number": number}, follow=True)
    assert page.status_code in (200, 422)
    assert "号" in page.content.decode()
    assert not AuditRow.objects.filter(action="person.find").exists()


def test_a_township_doctor_sees_the_own_visits_and_not_whom_they_booked_elsewhere(client, by):
    """Family doctors receive visits by video; what they booked at a hospital is its list."""
    doctor = StaffFactory()
    patient = treated(PatientFactory(), doctor.organisation)
    period = PeriodFactory(public=1)
    with by(doctor):
        booked = services.book(actor=doctor, patient=patient, period_id=period.pk)
    client.force_login(doctor)
    page = client.get(f"{DAY}?day={booked.day:%Y-%m-%d}")
    assert page.status_code == 200
    assert f"a-{booked.pk}" not in page.content.decode()
    client.force_login(PatientFactory(user=UserFactory()).user)
    assert client.get(DAY).status_code == 403


def test_a_number_with_one_wrong_digit_is_there_to_be_mended(client, clerk):
    """The page says that what was typed still stands there, so it does."""
    client.force_login(clerk)
    wrong = f"{NUMBER[:-1]}0"
    answer = client.post(
        PERSON, {"number": wrong}, follow=True, headers={"referer": f"http://testserver{DAY}"}
    )
    assert answer.context["refusal"]
    assert f'value="{wrong}"' in answer.content.decode()
