"""The code on a ticket: read once, by the right desk, on the day."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from scheduling.appointments import codes, services
from scheduling.appointments.models import Appointment, Arrival, Status
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, NotFound
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory

pytestmark = pytest.mark.django_db
DAY, PERSON = reverse("booking:day"), reverse("booking:person")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=3)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


@pytest.fixture
def booked(by, period):
    actor = PatientFactory(user=UserFactory(), name="王小明", id_card_tail="5511").user
    with by(actor):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


@pytest.fixture
def there(period, booked):
    """A quarter of an hour before the time."""
    with time_machine.travel(period.starts_at - timedelta(minutes=15)):
        yield


def scan(by, actor, text):
    with by(actor):
        return services.check_in_by_code(actor=actor, text=text)


def test_a_code_says_nothing_of_the_person_and_is_found_in_its_address(booked):
    code = codes.code_of(booked)
    assert len(code) == codes.DIGITS
    assert code.isdigit()
    assert codes.find_code(f"https://any.example/booking/in/{code}/\n") == code
    assert codes.find_code("520121195804095511") == ""
    assert codes.id_in(code) == booked.pk
    assert codes.id_in("9" * codes.DIGITS) is None  # more than 24 bytes hold


def test_a_code_checks_in_once_and_then_says_who_and_when(by, there, clerk, booked):
    code = codes.code_of(booked)
    assert scan(by, clerk, code).status == Status.ARRIVED
    other = StaffFactory(role="desk", organisation=clerk.organisation, name="李二")
    with pytest.raises(Conflict, match=f"used at 07:45, by {clerk.name}"):
        scan(by, other, code)
    assert Arrival.objects.get().checked_in_by == clerk


@pytest.mark.parametrize("spoil", [lambda c: c[:-1] + str(9 - int(c[-1])), lambda c: "1" * 58])
def test_a_forged_code_is_nobodys(by, there, clerk, booked, spoil):
    with pytest.raises(NotFound, match="no valid ticket"):
        scan(by, clerk, spoil(codes.code_of(booked)))


def test_the_code_of_before_a_move_is_good_no_more(by, clerk, period, booked):
    before = codes.code_of(booked)
    later = PeriodFactory(
        session=period.session, starts_at=period.starts_at + timedelta(minutes=30), public=1
    )
    with by(booked.booked_by):
        services.move(actor=booked.booked_by, appointment_id=booked.pk, period_id=later.pk)
    with time_machine.travel(period.starts_at), pytest.raises(NotFound, match="newest"):
        scan(by, clerk, before)


def test_what_is_wrong_with_a_ticket_is_said(by, clerk, period, booked):
    code = codes.code_of(booked)
    stranger = StaffFactory(role="desk")
    with pytest.raises(Conflict, match=rf"for {period.organisation.name}, not"):
        scan(by, stranger, code)
    with pytest.raises(Conflict, match="not for today"):
        scan(by, clerk, code)
    with (
        time_machine.travel(period.starts_at - timedelta(minutes=61)),
        pytest.raises(Conflict, match="an hour before"),
    ):
        scan(by, clerk, code)
    with (
        time_machine.travel(period.session.ends_at + timedelta(seconds=1)),
        pytest.raises(Conflict, match="session is over"),
    ):
        scan(by, clerk, code)
    with by(booked.booked_by):
        services.cancel(actor=booked.booked_by, appointment_id=booked.pk)
    with time_machine.travel(period.starts_at), pytest.raises(Conflict, match="Cancelled"):
        scan(by, clerk, code)


def test_only_a_desk_scans(by, there, period, booked):
    for actor in (booked.booked_by, period.clinician):
        with pytest.raises(Forbidden):
            scan(by, actor, codes.code_of(booked))


def undo(by, actor, booked):
    with by(actor):
        return services.undo_check_in(actor=actor, appointment_id=booked.pk)


def test_checking_in_is_undone_for_ten_minutes_and_the_code_is_good_again(
    by, clerk, period, booked
):
    code = codes.code_of(booked)
    with time_machine.travel(period.starts_at, tick=False) as clock:
        scan(by, clerk, code)
        clock.shift(timedelta(minutes=10))
        assert undo(by, clerk, booked).status == Status.BOOKED
        assert not Arrival.objects.exists()
        scan(by, clerk, code)
        clock.shift(timedelta(minutes=10, seconds=1))
        with pytest.raises(Conflict, match="ten minutes"):
            undo(by, clerk, booked)
        with pytest.raises(Forbidden):
            undo(by, period.clinician, booked)
        with by(period.clinician):
            services.call(actor=period.clinician, appointment_id=booked.pk)
        with pytest.raises(Conflict, match="Called"):
            undo(by, clerk, booked)
    actions = AuditRow.objects.filter(action__startswith="appointment.undo")
    assert actions.count() == 1


def test_the_ticket_shows_the_code_while_it_is_good(client, by, there, clerk, booked):
    client.force_login(booked.booked_by)
    ticket = reverse("booking:ticket", args=[booked.pk])
    assert client.get(ticket).context["code"] is not None
    scan(by, clerk, codes.code_of(booked))
    assert client.get(ticket).context["code"] is None


def test_the_desk_scans_sees_the_card_and_checks_in(client, there, clerk, booked):
    client.force_login(clerk)
    code = codes.code_of(booked)
    page = client.post(PERSON, {"number": f"HTTP：／／x/booking/in/{code}/"}, follow=True)
    [(address, _status)] = page.redirect_chain
    assert address == reverse("booking:arrival", args=[code])
    assert "王小明" in page.content.decode()
    assert Appointment.objects.get().status == Status.BOOKED  # looking uses nothing up
    done = client.post(address, follow=True)
    assert done.redirect_chain[-1][0] == DAY
    [said] = done.context["messages"]
    assert "08:00" in str(said)
    assert "王小明" not in str(said)
    assert Appointment.objects.get().status == Status.ARRIVED
    again = client.post(PERSON, {"number": code}, headers={"referer": f"http://testserver{DAY}"})
    said = client.get(again["Location"]).context["refusal"]
    assert clerk.name in said.text
    looked = AuditRow.objects.filter(action="appointment.scan", patient_id=booked.patient_id)
    assert looked.exists()
