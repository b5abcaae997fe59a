"""Who may come by video: whom the department knows, and the own family doctor's signed people."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone, translation

from scheduling.appointments import fhir, services, video, waitlist
from scheduling.appointments.models import Appointment, Mode, Status
from scheduling.availability.models import Kind
from telemed.core.errors import Conflict
from telemed.core.publication import as_json
from tests.consult.requests.looking import published
from tests.factories.people import DepartmentFactory, PatientFactory, UserFactory
from tests.factories.registration import TeamFactory, resident_of, signed
from tests.factories.scheduling import PeriodFactory, SessionFactory, at, in_days, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def patient():
    return PatientFactory(user=UserFactory(), birth_date=date(1960, 5, 1))


@pytest.fixture
def period():
    """A time of a video session."""
    return PeriodFactory(session=SessionFactory(kind=Kind.VIDEO), public=2)


def seen(by, patient, department, days_ago=30, **facts):
    """A visit that took place in that department."""
    session = SessionFactory(department=department, day=in_days(9))
    period = PeriodFactory(session=session, public=3)
    with by(patient.user):
        visit = services.book(actor=patient.user, patient=patient, period_id=period.pk)
    facts = {"status": Status.FULFILLED, "day": in_days(-days_ago)} | facts
    Appointment.objects.filter(pk=visit.pk).update(**facts)
    return visit


def book(by, patient, period, actor=None):
    actor = actor or patient.user
    with by(actor):
        return services.book(actor=actor, patient=patient, period_id=period.pk)


def test_a_first_visit_is_never_by_video_and_takes_no_place(by, patient, period):
    with pytest.raises(Conflict, match="By video: who was seen in"):
        book(by, patient, period)
    assert places_of(period) == {"public": (0, 2)}
    assert not Appointment.objects.exists()


def test_who_was_seen_here_comes_by_video_and_the_world_is_told_how(by, patient, period):
    seen(by, patient, period.department)
    booked = book(by, patient, period)
    assert (booked.status, booked.mode) == (Status.BOOKED, Mode.VIDEO)
    kept = published(booked.pk)
    assert kept["serviceCategory"][0]["coding"][0]["code"] == "video"
    again = Appointment.objects.get(pk=booked.pk)
    assert {**as_json(fhir.APPOINTMENT, again), "meta": kept["meta"]} == kept


@pytest.mark.parametrize(
    "facts",
    [
        {"status": Status.NO_SHOW},
        {"status": Status.CANCELLED},
        {"day": in_days(-367)},
        {"mode": Mode.VIDEO},
    ],
)
def test_what_was_no_visit_here_lately_in_person_vouches_for_nothing(by, patient, period, facts):
    seen(by, patient, period.department, **facts)
    with pytest.raises(Conflict, match="A first visit is in person"):
        book(by, patient, period)


def test_another_department_or_person_vouches_for_nothing(by, patient, period):
    seen(by, patient, DepartmentFactory(organisation=period.organisation, name="外科"))
    seen(by, PatientFactory(user=UserFactory()), period.department)
    with pytest.raises(Conflict, match="A first visit is in person"):
        book(by, patient, period)


def test_a_hold_is_refused_like_a_booking(by, patient, period):
    with by(patient.user), pytest.raises(Conflict, match="A first visit"):
        services.hold(actor=patient.user, patient=patient, period_id=period.pk)


def test_moving_into_a_video_session_asks_the_same_and_changes_the_mode(by, patient, period):
    at_the_hospital = PeriodFactory(session=SessionFactory(department=period.department), public=1)
    booked = book(by, patient, at_the_hospital)
    with by(patient.user), pytest.raises(Conflict, match="A first visit"):
        services.move(actor=patient.user, appointment_id=booked.pk, period_id=period.pk)
    booked.refresh_from_db()
    assert (booked.mode, booked.period_id) == (Mode.IN_PERSON, at_the_hospital.pk)
    seen(by, patient, period.department)
    with by(patient.user):
        moved = services.move(actor=patient.user, appointment_id=booked.pk, period_id=period.pk)
        assert moved.mode == Mode.VIDEO
        back = services.move(
            actor=patient.user, appointment_id=booked.pk, period_id=at_the_hospital.pk
        )
    assert back.mode == Mode.IN_PERSON


def test_the_own_signed_family_doctor_needs_no_earlier_visit(by):
    team = TeamFactory()
    patient = resident_of(team)
    signed(team, patient)
    department = DepartmentFactory(organisation=team.organisation, name="全科", specialty="general")
    own = SessionFactory(department=department, clinician=team.leader, kind=Kind.VIDEO)
    booked = book(by, patient, PeriodFactory(session=own, public=1))
    assert booked.mode == Mode.VIDEO
    later = PeriodFactory(session=own, starts_at=own.starts_at + timedelta(hours=1), public=1)
    with pytest.raises(Conflict, match="A first visit"):
        book(by, PatientFactory(user=UserFactory()), later)


def test_a_child_under_six_is_for_a_paediatrician(by, period):
    today = timezone.localdate()
    child = PatientFactory(user=UserFactory(), birth_date=today - timedelta(days=4 * 365))
    seen(by, child, period.department)
    with pytest.raises(Conflict, match="A child under 6 is seen by video by a paediatrician"):
        book(by, child, period)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 26), 12, date(2025, 11, 26)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_are_months_of_the_calendar(day, months, before):
    assert video.months_before(day, months) == before


def test_nobody_who_waits_for_a_visit_in_person_is_offered_one_by_video(by, patient):
    session = SessionFactory(capacity=1)
    full = PeriodFactory(session=session, public=1)
    book(by, PatientFactory(user=UserFactory()), full)
    with by(patient.user):
        services.join(
            actor=patient.user,
            patient=patient,
            department_id=session.department_id,
            day=session.day,
        )
    assert waitlist.anybody_waits(full)
    afternoon = DateTimeTZRange(at(session.day, 14), at(session.day, 17))
    by_video = PeriodFactory(
        session=SessionFactory(
            department=session.department, day=session.day, during=afternoon, kind=Kind.VIDEO
        ),
        public=1,
    )
    assert not waitlist.anybody_waits(by_video)
    assert not waitlist.in_line_for(by_video, "public", timezone.now())


def test_the_database_knows_two_modes(by, patient, period):
    seen(by, patient, period.department)
    booked = book(by, patient, period)
    with pytest.raises(IntegrityError, match="appointment_mode_known"):
        Appointment.objects.filter(pk=booked.pk).update(mode="phone")


def test_the_page_says_why_not_and_offers_the_visit_in_person_in_one_tap(client, patient, period):
    patient.user.language = "en"
    patient.user.save(update_fields=["language"])
    in_person = PeriodFactory(session=SessionFactory(department=period.department, day=in_days(8)))
    client.force_login(patient.user)
    page = client.get(
        f"/booking/departments/{period.department_id}/?day={period.session.day:%Y-%m-%d}",
        headers={"Accept-Language": "en"},
    ).content.decode()
    assert "A first visit is in person" in page
    assert f'value="{period.pk}"' not in page
    assert f'value="{in_person.pk}"' in page
