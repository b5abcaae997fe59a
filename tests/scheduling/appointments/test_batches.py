"""Booking for several people: who gets which time, each with a result of their own."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone, translation

from records.consent.models import CareAccess
from scheduling.appointments import batch_results, batches, gates, services, signed
from scheduling.appointments.models import Appointment, Batch, BatchRow, Block, Status
from scheduling.appointments.planning import Wish, plan
from scheduling.appointments.subscribers import tell_booked
from telemed.audit.models import AuditRow
from telemed.core import moments
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import OutboxEvent
from telemed.notifications.models import Notification
from tests.factories.people import PatientFactory, StaffFactory, UserFactory, treated
from tests.factories.scheduling import PeriodFactory, SessionFactory, places_of

pytestmark = pytest.mark.django_db
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def doctor():
    return StaffFactory()


@pytest.fixture
def villagers(doctor):
    """villagers(3): so many people of the doctor's clinic."""
    return lambda n: [
        treated(PatientFactory(name=f"村民{place}"), doctor.organisation) for place in range(n)
    ]


@pytest.fixture
def session():
    return SessionFactory()


def periods_in(session, *places, first=0):
    """Half hours in a row with so many public places each."""
    begin = session.starts_at + first * HALF_HOUR
    return [
        PeriodFactory(session=session, starts_at=begin + n * HALF_HOUR, public=count)
        for n, count in enumerate(places)
        if count
    ]


def wish_of(session, **facts):
    return Wish(session.department, session.day, **facts)


def planned(by, doctor, people, wish):
    with by(doctor):
        return plan(doctor, people, wish)


def times(found):
    return [one.period and f"{timezone.localtime(one.period.starts_at):%H:%M}" for one in found]


def opened(by, doctor, period, people, **facts):
    given = {
        "key": uuid4(),
        "department_id": period.department_id,
        "day": period.session.day,
        "wanted": [(person.pk, period.pk) for person in people],
    }
    with by(doctor):
        return services.open_batch(actor=doctor, **(given | facts))


def sent(by, doctor, batch):
    """Each person in an intention of their own, as the door does it."""
    for row_id in batches.waiting_rows(batch):
        with by(doctor):
            services.book_row(actor=doctor, row_id=row_id)
    return batches.rows_of(batch)


def results(by, doctor, batch):
    with by(doctor):
        return batch_results.results_of(doctor, batch)


# --- who would get which time


def test_everybody_in_order_at_the_first_place_that_is_free(by, doctor, villagers, session):
    periods_in(session, 2, 1, 5)
    found = planned(by, doctor, villagers(4), wish_of(session))
    assert times(found) == ["08:00", "08:00", "08:30", "09:00"]


def test_near_each_other_comes_before_early(by, doctor, villagers, session):
    periods_in(session, 1, 0, 0, 0, 0, 3)
    found = planned(by, doctor, villagers(3), wish_of(session))
    assert times(found) == ["10:30", "10:30", "10:30"]


def test_within_an_hour_the_early_ones_are_near_enough(by, doctor, villagers, session):
    periods_in(session, 1, 1, 1, 0, 0, 3)
    found = planned(by, doctor, villagers(3), wish_of(session))
    assert times(found) == ["08:00", "08:30", "09:00"]


def test_as_many_as_possible_comes_before_near(by, doctor, villagers, session):
    periods_in(session, 1, 0, 0, 0, 0, 2)
    found = planned(by, doctor, villagers(4), wish_of(session))
    assert times(found) == ["08:00", "10:30", "10:30", None]
    assert found[3].why_not == "No place is left for this person in these hours."


def test_between_hours_and_with_a_doctor(by, doctor, villagers, session):
    periods_in(session, 1, 1, 1, 1)
    between = wish_of(session, earliest=time(8, 30), latest=time(9))
    assert times(planned(by, doctor, villagers(3), between)) == ["08:30", "09:00", None]
    own = wish_of(session, doctor=session.clinician_id)
    assert times(planned(by, doctor, villagers(1), own)) == ["08:00"]
    another = wish_of(session, doctor=uuid4())
    assert times(planned(by, doctor, villagers(1), another)) == [None]


def test_what_is_in_the_way_of_each_is_said_at_once(by, doctor, villagers, session):
    (period, *_rest) = periods_in(session, 9, 9)
    free, there, dead, elsewhere, points = villagers(5)
    opened_row = sent(by, doctor, opened(by, doctor, period, [there]))[0]
    dead.deceased_on = date(2026, 1, 1)
    dead.save()
    other = PeriodFactory(public=1)
    with by(doctor):
        services.book(actor=doctor, patient=elsewhere, period_id=other.pk)
    Block.objects.create(
        person_key=points.pk,
        patient=points,
        organisation=session.organisation,
        kind=Block.Kind.POINTS,
        ends_at=moments.now() + timedelta(days=9),
    )
    found = planned(by, doctor, [free, there, dead, elsewhere, points], wish_of(session))
    # Elsewhere at the same hour: the next half hour is theirs.
    assert times(found) == ["08:00", None, None, "08:30", None]
    assert found[1].why_not == "Already booked in this department that day."
    assert found[1].coming == opened_row.appointment
    assert found[2].why_not == "This person has died."
    assert found[4].why_not.startswith("Online booking is limited until")


def test_a_family_doctors_place_is_for_who_is_signed(by, doctor, villagers, session, monkeypatch):
    PeriodFactory(session=session, family_doctor=1, referral=3)
    signed_up, other = villagers(2)
    monkeypatch.setattr(signed, "_known", [lambda _actor, person, _there: person == signed_up])
    found = planned(by, doctor, [other, signed_up], wish_of(session))
    assert times(found) == [None, "08:00"]
    assert found[1].by_family_doctor
    assert found[0].why_not == "What is left in these hours is kept for others (Referral)."


def test_a_day_on_which_booking_has_ended(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    people = villagers(1)
    with time_machine.travel(period.closes_at + timedelta(minutes=1)):
        found = planned(by, doctor, people, wish_of(session))
    assert found[0].why_not == "Nothing can be booked in these hours any more."


def test_a_place_that_is_being_held_is_no_booking(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    (person,) = villagers(1)
    with by(doctor):
        services.hold(actor=doctor, patient=person, period_id=period.pk)
    found = planned(by, doctor, [person], wish_of(session))
    assert found[0].why_not.startswith("A place is kept for this person there already")
    assert found[0].coming is None


def test_in_the_opening_minute_public_places_wait_for_a_turn(
    by, doctor, villagers, session, monkeypatch
):
    periods_in(session, 3)
    shut = gates.Gate(
        stand=lambda _actor, _there: Conflict("In the queue."),
        notice=lambda _there: None,
        pause=lambda _there: None,
    )
    monkeypatch.setattr(gates, "_gates", [shut])
    found = planned(by, doctor, villagers(1), wish_of(session))
    assert (times(found), found[0].why_not) == ([None], "In the queue.")


# --- each has a result of their own


def test_each_is_booked_as_one_is(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    people = villagers(3)
    rows = sent(by, doctor, opened(by, doctor, period, people))
    assert [row.appointment.ticket for row in rows] == [1, 2, 3]
    assert {row.appointment.channel for row in rows} == {"clinic"}
    assert places_of(period) == {"public": (3, 3)}
    assert OutboxEvent.objects.filter(topic="appointment.booked").count() == 3
    assert AuditRow.objects.filter(action="appointment.book", refused="").count() == 3


def test_the_resident_is_told_and_who_has_no_phone_gets_paper(by, doctor, session):
    (period,) = periods_in(session, 2)
    people = [
        treated(PatientFactory(user=UserFactory()), doctor.organisation),
        treated(PatientFactory(), doctor.organisation),
    ]
    rows = sent(by, doctor, opened(by, doctor, period, people))
    for row in rows:
        with by(doctor):
            tell_booked({"appointment_id": str(row.appointment_id)})
    told = Notification.objects.filter(template="appointment.booked")
    assert set(told.values_list("recipient", flat=True)) == {people[0].user_id, doctor.pk}


def test_who_lost_the_race_hears_so_and_takes_the_next_by_one_tap(by, doctor, villagers, session):
    first, second = periods_in(session, 1, 1)
    one, two = villagers(2)
    batch = opened(by, doctor, first, [one, two])
    rows = sent(by, doctor, batch)
    assert [row.state for row in rows] == ["booked", "refused"]
    assert rows[1].said.startswith("Just taken. Next free: ")
    lost = results(by, doctor, batch)[1]
    assert lost.instead == second
    with by(doctor):
        services.book_instead(actor=doctor, row_id=lost.row.pk, period_id=second.pk)
    again = results(by, doctor, batch)[1]
    assert (again.row.state, again.appointment.period, again.instead) == ("booked", second, None)


def test_what_is_in_the_way_later_is_said_without_an_offer(by, doctor, villagers, session):
    first, second = periods_in(session, 1, 1)
    one, two = villagers(2)
    batch = opened(by, doctor, first, [one, two])
    sent(by, doctor, batch)
    with by(doctor):
        services.book(actor=doctor, patient=two, period_id=second.pk)
    lost = results(by, doctor, batch)[1]
    assert (lost.why_not, lost.instead) == ("Already booked in this department that day.", None)


def test_a_refused_person_leaves_a_trace_and_the_others_stand(by, doctor, villagers, session):
    (period,) = periods_in(session, 5)
    one, two, three = villagers(3)
    batch = opened(by, doctor, period, [one, two, three])
    with by(doctor):
        services.book(actor=doctor, patient=two, period_id=period.pk)
    rows = sent(by, doctor, batch)
    assert [row.state for row in rows] == ["booked", "refused", "booked"]
    assert rows[1].said == "Already booked in this department that day."
    refused = AuditRow.objects.get(action="appointment.book", refused="conflict")
    assert refused.patient_id == str(two.pk)
    assert places_of(period) == {"public": (3, 5)}


def test_a_period_that_closed_meanwhile(by, doctor, villagers, session):
    (period,) = periods_in(session, 5)
    batch = opened(by, doctor, period, villagers(1))
    with time_machine.travel(period.closes_at + timedelta(minutes=1)):
        rows = sent(by, doctor, batch)
    assert rows[0].said == "Booking for this period is closed."


def test_cancelled_and_undone_from_the_batch(by, doctor, villagers, session):
    (period,) = periods_in(session, 2)
    batch = opened(by, doctor, period, villagers(2))
    rows = sent(by, doctor, batch)
    with by(doctor):
        services.cancel_row(actor=doctor, row_id=rows[0].pk)
    shown = results(by, doctor, batch)[0]
    assert (shown.is_booked, bool(shown.undo_until)) == (False, True)
    with by(doctor):
        services.undo_row(actor=doctor, row_id=rows[0].pk)
    assert results(by, doctor, batch)[0].is_booked


# --- sent twice


def test_a_row_is_decided_once(by, doctor, villagers, session):
    (period,) = periods_in(session, 1)
    batch = opened(by, doctor, period, villagers(2))
    before = sent(by, doctor, batch)
    places_of(period)
    for row in before:
        with by(doctor):
            services.book_row(actor=doctor, row_id=row.pk)
    after = batches.rows_of(batch)
    assert [(row.state, row.said, row.decided_at) for row in after] == [
        (row.state, row.said, row.decided_at) for row in before
    ]
    assert Appointment.objects.count() == 1


def test_a_page_sends_one_batch(by, doctor, villagers, session):
    (period,) = periods_in(session, 5)
    people, key = villagers(1), uuid4()
    opened(by, doctor, period, people, key=key)
    with pytest.raises(Conflict, match="was sent before"):
        opened(by, doctor, period, people, key=key)


# --- bad input changes nothing


def refused(by, doctor, period, people, kind, sentence, **facts):
    with pytest.raises(kind, match=sentence):
        opened(by, doctor, period, people, **facts)
    assert not Batch.objects.exists()
    assert not BatchRow.objects.exists()


def test_twenty_go_and_twenty_one_do_not(by, doctor, villagers, session):
    (period,) = periods_in(session, 30)
    people = villagers(21)
    refused(by, doctor, period, people, Invalid, "At most 20 people in one go; these are 21")
    assert opened(by, doctor, period, people[:20]).rows.count() == 20


def test_nobody_twice_on_one_list(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    one, two = villagers(2)
    refused(by, doctor, period, [one, two, one], Invalid, "村民0 is on the list twice")
    refused(by, doctor, period, [], Invalid, "choose somebody first")


def test_another_clinics_person_is_not_to_be_known_of(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    theirs = treated(PatientFactory(), StaffFactory().organisation)
    people = [*villagers(1), theirs]
    refused(by, doctor, period, people, NotFound, "not found, or is not yours to book for")


def test_who_died_or_was_joined_with_another(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    one, two = villagers(2)
    one.deceased_on = date(2026, 1, 1)
    one.save()
    refused(by, doctor, period, [one], Invalid, "村民0 has died")
    one.deceased_on, one.merged_into = None, two
    one.save()
    refused(by, doctor, period, [one], Invalid, "村民0's record was joined with another")


def test_a_day_that_is_over_and_times_of_elsewhere(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    people = villagers(1)
    with time_machine.travel(period.ends_at + timedelta(days=1)):
        refused(by, doctor, period, people, Invalid, "That day is over")
    other = PeriodFactory()
    wanted = [(people[0].pk, other.pk)]
    refused(by, doctor, period, people, Invalid, "not of this department and day", wanted=wanted)
    gone = {"department_id": uuid4()}
    refused(by, doctor, period, people, NotFound, "This department does not exist", **gone)
    session.organisation.active = False
    session.organisation.save()
    refused(by, doctor, period, people, NotFound, "This department does not exist")


@pytest.mark.parametrize("role", ["specialist", "desk", "coordinator", "official"])
def test_only_the_doctors_of_clinics(by, villagers, session, role):
    (period,) = periods_in(session, 3)
    refused(by, StaffFactory(role=role), period, villagers(1), Forbidden, "doctors of clinics")


def test_another_doctors_batch_is_absent(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    batch = opened(by, doctor, period, villagers(1))
    colleague = StaffFactory(organisation=doctor.organisation)
    (row_id,) = batches.waiting_rows(batch)
    for service, facts in (
        (services.read_batch, {"batch_id": batch.pk}),
        (services.book_row, {"row_id": row_id}),
        (services.book_instead, {"row_id": row_id, "period_id": period.pk}),
        (services.cancel_row, {"row_id": row_id}),
        (services.undo_row, {"row_id": row_id}),
    ):
        with pytest.raises(NotFound), by(colleague):
            service(actor=colleague, **facts)
    assert places_of(period) == {"public": (0, 3)}


def test_a_time_elsewhere_is_no_other_time_of_the_batch(by, doctor, villagers, session):
    (period,) = periods_in(session, 1)
    batch = opened(by, doctor, period, villagers(2))
    lost = sent(by, doctor, batch)[1]
    with pytest.raises(Invalid), by(doctor):
        services.book_instead(actor=doctor, row_id=lost.pk, period_id=PeriodFactory().pk)
    with pytest.raises(NotFound, match="was not booked"), by(doctor):
        services.cancel_row(actor=doctor, row_id=lost.pk)


# --- the database is the last word


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": 21},
        {"state": "odd"},
        {"state": "booked"},
        {"state": "refused", "decided_at": moments.now()},
        {"said": "why", "state": "refused"},
    ],
)
def test_a_row_that_makes_no_sense_is_not_kept(by, doctor, villagers, session, wrong):
    (period,) = periods_in(session, 3)
    batch = opened(by, doctor, period, villagers(1))
    with pytest.raises(IntegrityError):
        batch.rows.update(**wrong)


def test_who_is_not_known_any_more_is_said_to_be_so(by, doctor, villagers, session):
    (period,) = periods_in(session, 3)
    (person,) = villagers(1)
    batch = opened(by, doctor, period, [person])
    sent(by, doctor, batch)
    assert results(by, doctor, batch)[0].known
    CareAccess.objects.filter(patient=person.rid).delete()
    assert not results(by, doctor, batch)[0].known
    assert Appointment.objects.get().status == Status.BOOKED
