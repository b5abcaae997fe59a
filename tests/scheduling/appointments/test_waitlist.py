"""Waiting for a place of a full day: who is asked, when, in which order, and what becomes of it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone, translation

from scheduling.appointments import services, waitlist
from scheduling.appointments.models import Appointment, Status, Wait
from scheduling.availability import services as availability
from scheduling.availability.models import Period
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.models import Clock
from telemed.notifications import replies
from telemed.notifications.models import Notification
from telemed.notifications.replies import Answer
from tests.consult.requests.looking import published
from tests.factories.people import (
    ClinicFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    at_once,
    in_days,
    places_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_day():
    """Nobody is asked in the night: all of this happens at ten in the morning."""
    with translation.override("en"), time_machine.travel(at(timezone.localdate(), 10)):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=1)


def resident(**facts):
    return PatientFactory(user=UserFactory(), **facts).user


def book(by, period, actor=None):
    actor = actor or resident()
    with by(actor):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


def join(by, period, actor=None, patient=None, **wish):
    actor = actor or resident()
    with by(actor):
        return services.join(
            actor=actor,
            patient=patient or actor.patient,
            department_id=period.department_id,
            day=period.session.day,
            **wish,
        )


def cancel(by, booked):
    with by(booked.booked_by):
        services.cancel(actor=booked.booked_by, appointment_id=booked.pk)


def fire(kind):
    with time_machine.travel(Clock.objects.filter(kind=kind, state="running").latest("pk").due_at):
        clocks.fire_due()
        outbox.deliver_waiting()


def minutes(length):
    return length // timedelta(minutes=1)


def free(by, booked):
    """Cancelled, and the two minutes in which that is undone are over."""
    cancel(by, booked)
    fire("place.return")


def test_a_freed_place_goes_to_who_waits_before_it_goes_to_everybody(by, period):
    booked = book(by, period)
    entry = join(by, period)
    assert (entry.status, entry.holds_place) == (Status.WAITLISTED, False)
    assert published(entry.pk)["status"] == "waitlist"
    cancel(by, booked)
    wait = Clock.objects.get(about=booked.pk, kind="place.return")
    assert wait.due_at - booked.created_at < timedelta(minutes=3)
    fire("place.return")
    entry.refresh_from_db()
    assert (entry.status, entry.period_id, entry.pool) == ("offered", period.pk, "public")
    assert places_of(period) == {"public": (1, 1)}
    assert published(entry.pk)["status"] == "pending"
    assert minutes(entry.held_until - wait.due_at) == 20
    at_once(lambda: None)


def test_an_offer_that_is_taken_is_a_booking_with_a_ticket(by, period):
    booked = book(by, period)
    entry = join(by, period)
    free(by, booked)
    for _twice in range(2):
        with by(entry.booked_by):
            taken = services.accept(actor=entry.booked_by, appointment_id=entry.pk)
    assert (taken.status, taken.ticket) == (Status.BOOKED, 1)
    assert Wait.objects.get().rank is None
    assert published(entry.pk)["status"] == "booked"
    assert not Clock.objects.filter(about=entry.pk, kind__startswith="waitlist", state="running")
    at_once(lambda: None)


def test_without_anybody_waiting_a_place_returns_at_a_random_moment(by, period):
    booked = book(by, period)
    cancel(by, booked)
    wait = Clock.objects.get(about=booked.pk, kind="place.return")
    assert wait.due_at - booked.created_at >= timedelta(minutes=5)


def test_an_offer_that_nobody_answers_goes_to_the_next_and_then_to_everybody(by, period):
    booked = book(by, period)
    first, second = join(by, period), join(by, period)
    free(by, booked)
    fire("waitlist.offer")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.WAITLISTED, Status.OFFERED)
    assert first.wait.lapses == 1
    with by(second.booked_by):
        services.decline(actor=second.booked_by, appointment_id=second.pk)
    first.refresh_from_db()
    assert first.status == Status.WAITLISTED  # the same place is not offered twice
    assert places_of(period) == {"public": (0, 1)}
    at_once(lambda: None)


def test_who_is_late_stays_on_the_list(by, period):
    booked = book(by, period)
    entry = join(by, period)
    free(by, booked)
    entry.refresh_from_db()
    late = time_machine.travel(entry.held_until + timedelta(seconds=1))
    with late, by(entry.booked_by), pytest.raises(Conflict, match="still on the list"):
        services.accept(actor=entry.booked_by, appointment_id=entry.pk)


def test_a_doctors_grade_comes_before_distance_and_distance_before_time(by, period):
    far_clinic = ClinicFactory(division__code="520201")
    first = join_full(by, period)
    far = join(by, period, resident(managing_organisation=far_clinic))
    doctor = StaffFactory(role="township_doctor")
    patient = treated(PatientFactory(), doctor.organisation)
    urgent = join(by, period, doctor, patient)
    with by(doctor):
        services.grade(actor=doctor, appointment_id=urgent.pk, grade=Wait.Grade.URGENT)
    now = timezone.now()
    assert waitlist.in_line_for(period, "public", now) == [urgent.pk, far.pk, first.pk]
    shortly = period.starts_at - timedelta(hours=1)  # no bus is caught any more
    assert waitlist.in_line_for(period, "public", shortly) == [urgent.pk, first.pk, far.pk]
    assert waitlist.in_line_for(period, "public", period.starts_at) == []
    assert waitlist.place_of(far) == (2, 3)


def join_full(by, period, **wish):
    book(by, period)
    return join(by, period, **wish)


def test_only_a_doctor_grades(by, period):
    entry = join_full(by, period)
    with by(entry.booked_by), pytest.raises(Forbidden, match="Only a doctor"):
        services.grade(actor=entry.booked_by, appointment_id=entry.pk, grade=2)
    with pytest.raises(IntegrityError, match="a_doctor_grades"):
        Wait.objects.filter(pk=entry.pk).update(grade=1)


def test_after_two_offers_let_go_somebody_stands_at_the_end(by, period):
    entry = join_full(by, period)
    other = join(by, period)
    Wait.objects.filter(pk=entry.pk).update(lapses=2)
    assert waitlist.in_line_for(period, "public", timezone.now()) == [other.pk, entry.pk]


def test_far_away_has_half_an_hour_to_answer(by, period):
    booked = book(by, period)
    entry = join(by, period, resident(managing_organisation=ClinicFactory(division__code="520201")))
    free(by, booked)
    entry.refresh_from_db()
    clock = Clock.objects.get(about=entry.pk, kind="waitlist.offer")
    freed = Clock.objects.get(about=booked.pk, kind="place.return")
    assert minutes(clock.due_at - freed.due_at) == 30


def test_in_the_night_a_place_is_kept_for_who_is_asked_in_the_morning(by, period):
    booked = book(by, period)
    entry = join(by, period)
    with time_machine.travel(at(timezone.localdate(), 22, 30)):
        cancel(by, booked)
        fire("place.return")
        entry.refresh_from_db()
        assert (entry.status, places_of(period)) == ("waitlisted", {"public": (1, 1)})
        morning = Clock.objects.get(about=booked.pk, kind="place.return", state="running")
        assert timezone.localtime(morning.due_at).hour == 7
    fire("place.return")
    entry.refresh_from_db()
    assert entry.status == Status.OFFERED
    at_once(lambda: None)


def test_a_hold_that_ends_is_offered_too(by, period):
    other = resident()
    with by(other):
        services.hold(actor=other, patient=other.patient, period_id=period.pk)
    entry = join(by, period)
    fire("hold.expiry")
    entry.refresh_from_db()
    assert (entry.status, places_of(period)) == (Status.OFFERED, {"public": (1, 1)})


def test_places_of_a_returned_pool_are_offered_before_anybody_sees_them(by):
    period = PeriodFactory(public=1, family_doctor=2)
    entry = join_full(by, period)
    with time_machine.travel(period.closes_at - timedelta(hours=24)), by(entry.booked_by):
        availability.return_due(organisation_id=period.organisation_id)
    entry.refresh_from_db()
    assert entry.status == Status.OFFERED
    assert places_of(period)["public"] == (2, 3)
    at_once(lambda: None)


def test_a_place_of_family_doctors_is_not_offered_to_who_waits_for_a_public_one(by):
    period = PeriodFactory(public=1, family_doctor=1)
    doctor = StaffFactory(role="township_doctor")
    patient = treated(PatientFactory(), doctor.organisation)
    with by(doctor):
        booked = services.book(actor=doctor, patient=patient, period_id=period.pk)
    assert booked.pool == "family_doctor"
    entry = join_full(by, period)
    free(by, booked)
    entry.refresh_from_db()
    assert (entry.status, places_of(period)["family_doctor"]) == (Status.WAITLISTED, (0, 1))


def test_another_booking_at_that_time_lets_the_next_be_asked(by, period):
    booked = book(by, period)
    busy, entry = join(by, period), join(by, period)
    book(by, PeriodFactory(session=SessionFactory(day=period.session.day)), busy.booked_by)
    free(by, booked)
    busy.refresh_from_db()
    entry.refresh_from_db()
    assert (busy.status, entry.status) == (Status.WAITLISTED, Status.OFFERED)


def test_whoever_wants_one_doctor_is_not_offered_another(by, period):
    other = PeriodFactory(session=SessionFactory(department=period.department), public=1)
    booked = book(by, other)
    entry = join_full(by, period, clinician_id=period.clinician_id)
    free(by, booked)
    entry.refresh_from_db()
    assert entry.status == Status.WAITLISTED


def test_what_stands_in_the_way_of_joining(by, period):
    with pytest.raises(Conflict, match="A place is free that day"):
        join(by, period)
    booked = book(by, period)
    with pytest.raises(Conflict, match="Already booked in this department"):
        join(by, period, booked.booked_by)
    actor = resident()
    assert join(by, period, actor) == join(by, period, actor)
    for days in (8, 9):
        full = PeriodFactory(
            session=SessionFactory(department=period.department, day=in_days(days)), public=1
        )
        join_full_by(by, full, actor)
    fourth = PeriodFactory(public=1)
    with pytest.raises(Conflict, match="at most 3 lists"):
        join_full_by(by, fourth, actor)
    with time_machine.travel(period.closes_at), pytest.raises(Conflict, match="choose another"):
        join(by, period)
    with pytest.raises(Forbidden):
        join(by, period, resident(), PatientFactory())


def join_full_by(by, period, actor):
    book(by, period)
    return join(by, period, actor)


def test_leaving_frees_the_place_for_the_next_and_cannot_be_undone_into_a_booking(by, period):
    booked = book(by, period)
    entry, second = join(by, period), join(by, period)
    free(by, booked)
    with by(entry.booked_by):
        left = services.leave(actor=entry.booked_by, appointment_id=entry.pk)
    second.refresh_from_db()
    assert (left.status, second.status) == (Status.CANCELLED, Status.OFFERED)
    assert published(entry.pk)["status"] == "cancelled"
    with by(entry.booked_by), pytest.raises(Conflict, match="no longer be undone"):
        services.undo_cancel(actor=entry.booked_by, appointment_id=entry.pk)
    at_once(lambda: None)


def test_the_wait_ends_with_the_day(by, period):
    entry = join_full(by, period)
    fire("waitlist.end")
    entry.refresh_from_db()
    assert (entry.status, entry.wait.rank) == (Status.EXPIRED, None)
    assert published(entry.pk)["status"] == "cancelled"


def test_the_desk_joins_and_answers_for_who_rings(by, period):
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    booked = book(by, period)
    entry = join(by, period, clerk, PatientFactory())
    free(by, booked)
    with by(clerk):
        taken = services.accept(actor=clerk, appointment_id=entry.pk)
    assert (taken.status, taken.channel) == (Status.BOOKED, "desk")


def test_other_peoples_waits_do_not_exist(by, period, stranger):
    entry = join_full(by, period)
    for act in (services.accept, services.decline, services.leave):
        with by(stranger), pytest.raises(NotFound):
            act(actor=stranger, appointment_id=entry.pk)


def asked(by, period):
    """Somebody who is asked, with the message that asks."""
    booked = book(by, period)
    entry = join(by, period)
    free(by, booked)
    entry.refresh_from_db()
    return entry, Notification.objects.get(about=entry.pk, template="waitlist.offer")


def test_one_message_asks_and_a_reply_of_one_takes_the_place(by, period):
    entry, question = asked(by, period)
    assert question.facts["n"] == 20
    with by(entry.booked_by):
        replies.answer(question, Answer.YES)
    entry.refresh_from_db()
    assert entry.status == Status.BOOKED


def test_a_reply_that_comes_late_is_told_that_the_list_still_counts(by, period):
    entry, question = asked(by, period)
    fire("waitlist.offer")
    with by(entry.booked_by):
        replies.answer(question, Answer.YES)
    assert Notification.objects.filter(about=entry.pk, template="waitlist.late").exists()
    assert Appointment.objects.get(pk=entry.pk).status == Status.WAITLISTED


def test_more_places_are_offered_first(by, period):
    entry = join_full(by, period)
    period.pools.update(places=2)
    Period.objects.filter(pk=period.pk).update(capacity=2)
    with by(entry.booked_by):
        assert services.offer_free(Period.objects.filter(pk=period.pk)) == 1
    entry.refresh_from_db()
    assert entry.status == Status.OFFERED
