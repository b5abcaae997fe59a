"""The booking pages as a resident, and a doctor for a patient, meet them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status, Strike
from scheduling.appointments.services.penalising import note_strike
from telemed.organisations.models import Specialty
from tests.factories.people import (
    ClinicFactory,
    DepartmentFactory,
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days, places_of

pytestmark = pytest.mark.django_db
FIND, HELD, HOLD = reverse("booking:find"), reverse("booking:held"), reverse("booking:hold")


@pytest.fixture
def period():
    return PeriodFactory(public=2)


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory(), managing_organisation=ClinicFactory()).user


@pytest.fixture
def page(client, resident):
    client.force_login(resident)
    return client


def said(answer):
    return answer.content.decode()


def test_four_taps_from_the_list_to_the_ticket(page, period, resident):
    listed = page.get(FIND)
    times = reverse("booking:times", args=[period.department_id])
    assert times in said(listed)
    assert str(period.pk) in said(page.get(times))
    held = page.post(HOLD, {"period": period.pk}, follow=True)
    assert held.redirect_chain == [(HELD, 302)]
    hold = Appointment.objects.get(status=Status.HELD)
    booked = page.post(reverse("booking:confirm", args=[hold.pk]), {"reason": "头晕"}, follow=True)
    assert "1号" in said(booked)
    assert "头晕" in said(booked)
    assert Appointment.objects.get().status == Status.BOOKED


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("头晕", True),
        ("神经", True),
        ("neuro", False),
        ("人民医院", True),
        ("骨科", False),
        ("骨头痛", False),
        ("zzz", False),
        ("toutong", True),
        ("wo tou tong", True),
        ("gutoutong", False),
        ("gu tou tong", False),
        ("touyun", True),
        ("shenjing", True),
        ("shenjingneike", True),
        ("SJNK", True),
        ("neike", True),
        ("naoke", True),
        ("renminyiyuan", True),
        ("ren min", True),
        ("rmyy", True),
        ("guke", False),
        ("xinneike", False),
        ("s", True),
        ("j", False),
    ],
)
def test_search_knows_places_departments_and_what_hurts_also_in_pinyin(page, period, text, found):
    times = reverse("booking:times", args=[period.department_id])
    assert (times in said(page.get(FIND, {"q": text}))) is found


def test_the_list_says_how_far_and_puts_the_nearest_first(page, resident):
    home = resident.patient.managing_organisation.division
    for division, latitude in [
        (home, 26.0),
        (near := DivisionFactory(code="520201"), 26.1),
        (far := DivisionFactory(code="520122"), 26.9),
    ]:
        division.longitude, division.latitude = 106.7, latitude
        division.save()
    links = []
    for division, ahead in [(near, 9), (far, 8)]:
        department = DepartmentFactory(organisation=OrganisationFactory(division=division))
        PeriodFactory(session=SessionFactory(department=department, day=in_days(ahead)))
        links.append(reverse("booking:times", args=[department.pk]))
    with override("en"):
        resident.language = "en"
        resident.save()
        plain = said(page.get(FIND, {"q": "神经"}))
        listed = said(page.get(FIND, {"q": "神经", "by": "km"}))
    assert plain.index(links[1]) < plain.index(links[0])
    assert listed.index(links[0]) < listed.index("11 km") < listed.index(links[1])
    assert listed.index(links[1]) < listed.index("100 km")
    assert page.get(FIND, {"q": "神经", "by": "nonsense"}).status_code == 200


def test_search_finds_the_doctor_and_the_specialty_in_both_languages(page, period, resident):
    times = reverse("booking:times", args=[period.department_id])
    assert times in said(page.get(FIND, {"q": period.clinician.name}))
    resident.language = "en"
    resident.save()
    assert times in said(page.get(FIND, {"q": "neuro"}))


def test_the_county_comes_before_what_is_sooner_elsewhere(page, period):
    far = PeriodFactory(
        session=SessionFactory(
            department=DepartmentFactory(
                organisation__division__code="520201",
                organisation__name="远处医院",
                specialty=Specialty.NEUROLOGY,
            ),
            day=period.session.day - timedelta(days=1),
        )
    )
    listed = said(page.get(FIND, {"q": "神经内科"}))
    near_at = listed.index(str(period.department_id))
    assert near_at < listed.index(str(far.department_id))


def test_a_full_period_says_so_and_has_no_button(page, period):
    period.pools.update(taken=2)
    text = said(page.get(reverse("booking:times", args=[period.department_id])))
    assert "满了" in text
    assert str(period.pk) not in text


def test_who_loses_the_race_is_told_where_there_is_room(page, period):
    later = PeriodFactory(session=period.session, starts_at=period.ends_at)
    period.pools.update(taken=2)
    answer = page.post(HOLD, {"period": period.pk}, follow=True)
    assert "08:30" in said(answer)
    assert "刚被约走" in said(answer)
    assert not Appointment.objects.exists()
    assert places_of(later) == {"public": (0, 4)}


def test_cancelling_says_what_it_means_and_can_be_undone(page, period):
    page.post(HOLD, {"period": period.pk})
    hold = Appointment.objects.get()
    page.post(reverse("booking:confirm", args=[hold.pk]))
    gone = page.post(reverse("booking:cancel", args=[hold.pk]), follow=True)
    undo = reverse("booking:undo", args=[hold.pk])
    assert undo in said(gone)
    assert "已恢复" in said(page.post(undo, follow=True))


def test_a_move_leads_over_the_same_times_and_keeps_the_booking(page, period):
    page.post(HOLD, {"period": period.pk})
    hold = Appointment.objects.get()
    page.post(reverse("booking:confirm", args=[hold.pk]))
    later = PeriodFactory(session=period.session, starts_at=period.ends_at)
    times = reverse("booking:times", args=[period.department_id])
    assert "原号保留" in said(page.get(times, {"move": hold.pk}))
    moved = page.post(HOLD, {"period": later.pk, "move": hold.pk}, follow=True)
    assert "已改好" in said(moved)
    assert Appointment.objects.get().period_id == later.pk


def test_the_calendar_file_names_nobody(page, period, resident):
    page.post(HOLD, {"period": period.pk})
    hold = Appointment.objects.get()
    page.post(reverse("booking:confirm", args=[hold.pk]))
    answer = page.get(reverse("booking:calendar", args=[hold.pk]))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert resident.patient.name not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"DTSTART:{period.starts_at:%Y%m%dT}" in text


def test_a_doctor_books_for_a_patient_and_not_for_a_stranger(client, period):
    doctor = StaffFactory()
    patient = treated(PatientFactory(), doctor.organisation)
    client.force_login(doctor)
    assert "先打开病人" in said(client.get(FIND))
    assert patient.name in said(client.get(FIND, {"for": patient.pk}))
    client.post(HOLD, {"period": period.pk, "for": patient.pk})
    assert Appointment.objects.get().patient == patient
    stranger = PatientFactory()
    for wanted in (stranger.pk, "not-a-number"):
        assert client.get(FIND, {"for": wanted}).status_code == 404


def test_an_account_without_a_record_is_told_what_to_do(client):
    client.force_login(UserFactory())
    assert "身份证" in said(client.get(FIND))
    assert client.post(HOLD, {"period": "rubbish"}).status_code == 302


@pytest.mark.parametrize("query", [{"day": "yesterday"}, {"doctor": "x"}, {"day": "2020-01-01"}])
def test_odd_addresses_show_a_page(page, period, query):
    times = reverse("booking:times", args=[period.department_id])
    assert page.get(times, query).status_code == 200


def test_lists_cost_the_same_for_one_and_for_many(
    page, period, django_assert_max_num_queries, resident
):
    for n in range(1, 6):
        PeriodFactory(
            session=period.session, starts_at=period.starts_at + n * timedelta(minutes=30)
        )
    for _ in range(5):
        PeriodFactory()
    with django_assert_max_num_queries(14):
        page.get(FIND)
    with django_assert_max_num_queries(15):  # one for the rules of the house
        page.get(reverse("booking:times", args=[period.department_id]))


@pytest.fixture
def full(by, period, resident):
    """A day of whose places somebody else has all."""
    resident.language = "en"
    resident.save()
    period.pools.update(places=1)
    type(period).objects.filter(pk=period.pk).update(capacity=1)
    other = PatientFactory(user=UserFactory()).user
    with by(other):
        services.book(actor=other, patient=other.patient, period_id=period.pk)
    return period


def test_a_full_day_offers_the_list_beside_what_is_free_soonest(page, full):
    day = {"day": full.session.day.isoformat()}
    free = PeriodFactory(
        session=SessionFactory(department=full.department, day=full.session.day + timedelta(days=1))
    )
    times = reverse("booking:times", args=[full.department_id])
    shown = said(page.get(times, day))
    join = reverse("booking:join", args=[full.department_id])
    assert join in shown
    assert str(free.pk) in shown
    joined = page.post(join, day, follow=True)
    assert "number 1 of 1 who waits" in said(joined)
    entry = Appointment.objects.get(status=Status.WAITLISTED)
    assert reverse("booking:waiting", args=[entry.pk]) in said(page.get(times, day))
    assert reverse("booking:waiting", args=[entry.pk]) in said(page.get(reverse("booking:mine")))
    left = page.post(reverse("booking:answer", args=[entry.pk, "leave"]), follow=True)
    assert "You are off the list" in said(left)


@pytest.mark.parametrize("sent", [{}, {"day": "rubbish"}, {"day": "2020-01-01"}])
def test_a_day_that_is_none_is_not_joined(page, full, sent):
    answer = page.post(reverse("booking:join", args=[full.department_id]), sent)
    assert answer.status_code in (302, 409, 422)
    assert not Appointment.objects.filter(status=Status.WAITLISTED).exists()


def test_an_offer_shows_its_time_and_is_taken_from_the_page(page, by, full, resident):
    with by(resident):
        entry = services.join(
            actor=resident,
            patient=resident.patient,
            department_id=full.department_id,
            day=full.session.day,
        )
    gone = Appointment.objects.get(status=Status.BOOKED)
    with by(gone.booked_by):
        services.cancel(actor=gone.booked_by, appointment_id=gone.pk)
    Appointment.objects.filter(pk=gone.pk).update(holds_place=False)
    Appointment.objects.filter(pk=entry.pk).update(
        status="offered", holds_place=True, held_until=timezone.now() + timedelta(minutes=20)
    )
    here = reverse("booking:waiting", args=[entry.pk])
    assert here in said(page.get(FIND))
    assert 'role="timer"' in said(page.get(here))
    taken = page.post(reverse("booking:answer", args=[entry.pk, "accept"]), follow=True)
    assert taken.redirect_chain[-1][0] == reverse("booking:ticket", args=[entry.pk])
    assert "No. 1" in said(taken)
    assert page.post(reverse("booking:answer", args=[entry.pk, "shout"])).status_code == 404


@pytest.fixture
def missed(by, period, resident):
    """A visit that the resident missed."""
    resident.language = "en"
    resident.save()
    with by(resident):
        booked = services.book(actor=resident, patient=resident.patient, period_id=period.pk)
        Appointment.objects.filter(pk=booked.pk).update(status="noshow")
        note_strike(appointment=booked, kind=Strike.Kind.MISSED)
    return booked


def test_a_missed_visit_is_shown_with_its_points_and_appealed(page, client, period, missed):
    shown = said(page.get(reverse("booking:points")))
    assert "2 points" in shown
    strike = Strike.objects.get()
    sent = page.post(
        reverse("booking:appeal", args=[strike.pk]), {"reason": "the bus did not go"}, follow=True
    )
    assert "until it is decided you can book" in said(sent)
    coordinator = StaffFactory(role="coordinator", organisation=period.organisation)
    coordinator.language = "en"
    coordinator.save()
    client.force_login(coordinator)
    assert "the bus did not go" in said(client.get(reverse("booking:appeals")))
    where = reverse("booking:decide", args=[strike.appeal.pk])
    assert "Decided" in said(client.post(where, {"decision": "uphold"}, follow=True))
    strike.refresh_from_db()
    assert strike.state == Strike.State.VOID


def test_days_are_waived_after_a_look_at_how_many(client, period, missed):
    coordinator = StaffFactory(role="coordinator", organisation=period.organisation)
    coordinator.language = "en"
    coordinator.save()
    client.force_login(coordinator)
    days = {"first": f"{period.session.day}", "last": f"{period.session.day}"}
    appeals = reverse("booking:appeals")
    assert "1 entry would not count" in said(client.get(appeals, days))
    assert client.get(appeals, {"first": "rubbish"}).status_code in (302, 422)
    client.post(reverse("booking:waive"), {**days, "reason": "landslide on the road"})
    assert Strike.objects.get().state == Strike.State.WAIVED


def test_what_cancelling_late_means_is_said_before(page, by, period, resident):
    resident.language = "en"
    resident.save()
    with by(resident):
        booked = services.book(actor=resident, patient=resident.patient, period_id=period.pk)
    with time_machine.travel(period.starts_at - timedelta(hours=3)):
        page.force_login(resident)
        shown = said(page.get(reverse("booking:ticket", args=[booked.pk])))
    assert "It is late: 1 point is noted. You have 0; at 6 online booking is limited." in shown
