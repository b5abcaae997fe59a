"""Batches when several come at once: nobody twice, nothing oversold, everybody told."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

from scheduling.appointments import batches, services
from scheduling.appointments.models import LIVE, Appointment, BatchRow
from telemed.core.intentions import intention
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.factories.scheduling import PeriodFactory, SessionFactory, places_of
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def villagers(doctor, many):
    return [treated(PatientFactory(), doctor.organisation) for _ in range(many)]


def opened(doctor, wanted):
    """(person, period) in order."""
    first = wanted[0][1]
    with intention(doctor, door="test"):
        return services.open_batch(
            actor=doctor,
            key=uuid4(),
            department_id=first.department_id,
            day=first.session.day,
            wanted=[(person.pk, period.pk) for person, period in wanted],
        )


def send(doctor, batch):
    """As the door sends it: who is waiting, then one intention a person."""

    def call():
        for row_id in batches.waiting_rows(batch):
            with intention(doctor, door="test"):
                services.book_row(actor=doctor, row_id=row_id)

    return call


def states(*sent):
    return Counter(BatchRow.objects.filter(batch__in=sent).values_list("state", flat=True))


def test_two_doctors_batch_the_same_places():
    session = SessionFactory()
    periods = [
        PeriodFactory(session=session, starts_at=session.starts_at + n * timedelta(minutes=30))
        for n in range(2)
    ]  # four places each
    doctors = [StaffFactory(), StaffFactory()]
    sent = []
    for turn, doctor in enumerate(doctors):
        # In opposite orders, where locks held together would meet.
        there = periods if turn == 0 else periods[::-1]
        people = villagers(doctor, 8)
        half = [(one, there[0]) for one in people[:4]] + [(one, there[1]) for one in people[4:]]
        sent.append(opened(doctor, half))
    ended = race([send(doctor, batch) for doctor, batch in zip(doctors, sent, strict=True)])
    assert ended == {"won": 2}
    assert states(*sent) == {"booked": 8, "refused": 8}
    for period in periods:
        assert places_of(period) == {"public": (4, 4)}
        tickets = Appointment.objects.filter(period=period).order_by("ticket")
        assert list(tickets.values_list("ticket", flat=True)) == [1, 2, 3, 4]
    lost = BatchRow.objects.filter(state="refused")
    assert all(row.said for row in lost)


def test_two_doctors_of_one_clinic_batch_the_same_people():
    doctor = StaffFactory()
    colleague = StaffFactory(organisation=doctor.organisation)
    period = PeriodFactory(public=12)
    people = villagers(doctor, 6)
    sent = [
        opened(who, [(one, period) for one in order])
        for who, order in ((doctor, people), (colleague, people[::-1]))
    ]
    ended = race([send(doctor, sent[0]), send(colleague, sent[1])])
    assert ended == {"won": 2}
    assert states(*sent) == {"booked": 6, "refused": 6}
    live = Appointment.objects.filter(status__in=LIVE)
    assert sorted(live.values_list("patient", flat=True)) == sorted(one.pk for one in people)
    assert places_of(period) == {"public": (6, 12)}


def test_one_batch_sent_four_times_at_once():
    doctor, period = StaffFactory(), PeriodFactory(public=3)
    batch = opened(doctor, [(one, period) for one in villagers(doctor, 5)])
    assert race([send(doctor, batch)] * 4) == {"won": 4}
    assert states(batch) == {"booked": 3, "refused": 2}
    assert Appointment.objects.count() == 3
    assert places_of(period) == {"public": (3, 3)}


def test_one_tap_for_another_time_made_four_times_at_once():
    doctor, period = StaffFactory(), PeriodFactory(public=1)
    session = period.session
    later = [
        PeriodFactory(
            session=session, starts_at=period.starts_at + n * timedelta(minutes=30), public=1
        )
        for n in (1, 2)
    ]
    batch = opened(doctor, [(one, period) for one in villagers(doctor, 2)])
    send(doctor, batch)()
    lost = batch.rows.get(state="refused")

    def take(other):
        def call():
            with intention(doctor, door="test"):
                services.book_instead(actor=doctor, row_id=lost.pk, period_id=other.pk)

        return call

    assert race([take(later[0]), take(later[1])] * 2) == {"won": 4}
    assert Appointment.objects.count() == 2
    assert sum(places_of(one)["public"][0] for one in later) == 1


def test_a_batch_that_broke_off_goes_on_where_it_stopped():
    doctor, period = StaffFactory(), PeriodFactory(public=3)
    batch = opened(doctor, [(one, period) for one in villagers(doctor, 3)])
    first, *rest = batches.waiting_rows(batch)
    with intention(doctor, door="test"):
        services.book_row(actor=doctor, row_id=first)
    assert states(batch) == {"booked": 1, "waiting": 2}
    assert batches.waiting_rows(batch) == rest
    send(doctor, batch)()
    assert states(batch) == {"booked": 3}
