"""The one-time link: what it opens, for whom and when, and what staff and residents do about it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from consult.rooms import services as rooms
from consult.rooms.models import Participant, Room
from consult.visits import services, subscribers
from consult.visits.models import Link
from consult.visits.secrets import COOKIE, path_of, token_of
from scheduling.appointments import services as appointments
from scheduling.appointments.models import Appointment, Status
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.intentions import intention
from telemed.notifications.models import Notification
from telemed.people.models import Role
from tests.factories.people import DepartmentFactory, StaffFactory, UserFactory
from tests.factories.registration import TeamFactory, resident_of, signed
from tests.factories.scheduling import PeriodFactory, SessionFactory
from tests.factories.visits import (
    again,
    booked_visit,
    doctor_comes,
    entered,
    event,
    period_by_video,
    system,
)

pytestmark = pytest.mark.django_db


def test_looking_at_the_link_uses_nothing_up_and_tells_no_name(phone, visit):
    for _ in range(2):
        page = phone.get(visit.path)
        assert page.status_code == 200
        assert page["Cache-Control"] == "private, no-store"
        assert visit.appointment.patient.name not in page.content.decode()
    link = visit.link
    assert (link.browser, link.opened_at, again(visit).status) == ("", None, Status.BOOKED)
    assert not Room.objects.exists()


def test_neither_the_link_nor_the_cookie_is_kept(phone, visit):
    _room, answer = entered(phone, visit)
    link = visit.link
    assert token_of(link.pk) not in (link.digest, link.browser)
    assert answer.cookies[COOKIE].value not in (link.digest, link.browser)
    assert answer.cookies[COOKIE]["httponly"]
    assert answer.cookies[COOKIE]["samesite"] == "Lax"


def test_the_second_tap_brings_into_the_waiting_room_and_counts_as_having_come(phone, visit):
    room, answer = entered(phone, visit)
    assert answer["Location"] == f"/v/room/{room.pk}/"
    assert str(visit.appointment.pk) not in answer["Location"]
    page = phone.get(answer["Location"]).content.decode()
    assert "The doctor is not in the room yet" in page or "医生" in page
    assert again(visit).status == Status.ARRIVED
    place = room.participants.get()
    assert (place.role, place.status) == ("resident", Participant.Status.WAITING)
    assert Notification.objects.filter(recipient=visit.doctor, template="visit.waiting").exists()
    assert AuditRow.objects.filter(action="visit.enter").exists()


def test_the_doctor_who_comes_lets_in_and_both_begin(by, phone, visit):
    room, answer = entered(phone, visit)
    phone.get(answer["Location"])
    assert not phone.get(f"/v/room/{room.pk}/waiting/").json()["may_enter"]
    doctor_comes(by, visit)
    assert phone.get(f"/v/room/{room.pk}/waiting/").json()["may_enter"]
    page = phone.get(answer["Location"]).content.decode()
    assert f"/ws/visits/{room.pk}/" in page
    assert visit.appointment.patient.phone not in page
    with by(visit.link.holder):
        rooms.join_room(actor=visit.link.holder, room_id=room.pk, connection=uuid4())
    room.refresh_from_db()
    assert (room.status, again(visit).status) == (Room.Status.LIVE, Status.IN_VISIT)


def test_who_comes_after_the_doctor_does_not_wait(by, phone, visit):
    room = doctor_comes(by, visit)
    _room, answer = entered(phone, visit)
    assert f"/ws/visits/{room.pk}/" in phone.get(answer["Location"]).content.decode()


def test_the_same_browser_comes_back_and_another_is_refused_and_told_what_to_do(phone, visit):
    room, answer = entered(phone, visit)
    assert entered(phone, visit)[0] == room
    other = Client(headers={"Accept-Language": "en"})
    for method in (other.get, other.post):
        page = method(visit.path)
        assert page.status_code == 409
        assert "/booking/mine/" in page.content.decode()
    assert AuditRow.objects.filter(action="visit.enter", refused="conflict").exists()
    assert other.get(answer["Location"]).status_code == 404
    assert other.get(f"/v/room/{room.pk}/state/").status_code == 404
    assert phone.get(f"/v/room/{room.pk}/state/").status_code in (204, 403)


@pytest.mark.parametrize("minutes", [-20, 190])
def test_outside_the_window_it_opens_nothing(phone, minutes):
    """Twenty minutes before the time, and after the session has ended."""
    visit = booked_visit(60)
    path = visit.path
    with time_machine.travel(visit.appointment.during.lower + timedelta(minutes=minutes)):
        page = phone.post(path)
    assert page.status_code == (200 if minutes < 0 else 410)
    assert not Room.objects.exists()
    assert again(visit).status == Status.BOOKED


def test_who_is_with_the_doctor_stays_past_the_sessions_end(by, phone, visit):
    room = doctor_comes(by, visit)
    phone.get(entered(phone, visit)[1]["Location"])
    with by(visit.link.holder):
        rooms.join_room(actor=visit.link.holder, room_id=room.pk, connection=uuid4())
    assert again(visit).status == Status.IN_VISIT
    with time_machine.travel(visit.appointment.during.lower + timedelta(hours=3)):
        assert phone.get(f"/v/room/{room.pk}/").status_code == 200


def test_what_was_never_a_link_is_not_found(phone, visit):
    assert phone.get("/v/nothing-of-ours-1234567/").status_code == 404
    assert phone.get(f"/v/{visit.link.digest[:22]}/").status_code == 404
    assert phone.get(f"/v/room/{uuid4()}/").status_code == 404


def test_a_new_link_ends_the_former_and_puts_its_browser_out(by, phone, visit):
    room, answer = entered(phone, visit)
    former = visit.path
    with by(visit.desk):
        services.make_link(actor=visit.desk, visit_id=visit.appointment.pk)
    assert phone.get(former).status_code == 410
    assert phone.get(answer["Location"], follow=True).redirect_chain == [(former, 302)]
    assert phone.get(f"{answer['Location']}state/").status_code == 404
    assert Link.objects.filter(visit=visit.appointment, ended_at=None).count() == 1
    other = Client()
    assert other.post(visit.path).status_code == 302
    assert room.participants.count() == 1  # the place in the room stays whose it was
    with pytest.raises(IntegrityError, match="one_open_link_a_visit"):
        Link.objects.filter(visit=visit.appointment).update(ended_at=None)


def test_only_the_desk_and_the_doctor_of_that_visit_make_one(by, visit):
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=visit.doctor.organisation)
    elsewhere = StaffFactory(role=Role.DESK)
    for stranger in (colleague, elsewhere, UserFactory()):
        with by(stranger), pytest.raises(NotFound):
            services.make_link(actor=stranger, visit_id=visit.appointment.pk)
    with by(visit.resident), pytest.raises(Forbidden, match="The desk or the doctor"):
        services.make_link(actor=visit.resident, visit_id=visit.appointment.pk)
    with by(visit.resident), pytest.raises(Forbidden, match="The desk or the doctor"):
        services.read_link(actor=visit.resident, visit_id=visit.appointment.pk)
    with by(visit.doctor):
        made = services.make_link(actor=visit.doctor, visit_id=visit.appointment.pk)
        assert services.read_link(actor=visit.doctor, visit_id=visit.appointment.pk) == made


def test_the_own_page_enters_with_a_link_of_its_own(client, visit):
    client.force_login(visit.resident)
    assert f"/visits/{visit.appointment.pk}/enter/" in client.get("/").content.decode()
    former = visit.link
    answer = client.post(f"/visits/{visit.appointment.pk}/enter/")
    room = Room.objects.get(visit=visit.appointment)
    assert answer["Location"] == f"/v/room/{room.pk}/"
    former.refresh_from_db()
    assert former.ended_at is not None
    assert client.get(answer["Location"]).status_code == 200


def test_nobody_else_enters_by_the_own_page(by, client, visit):
    for stranger, status in ((UserFactory(), 404), (visit.desk, 403), (visit.doctor, 403)):
        client.force_login(stranger)
        assert client.post(f"/visits/{visit.appointment.pk}/enter/").status_code == status
    assert not Room.objects.exists()


def test_the_link_opens_nothing_else_of_the_site(phone, visit):
    entered(phone, visit)
    for path in ("/", "/booking/mine/", "/my/cases/", f"/rooms/{visit.appointment.pk}/"):
        answer = phone.get(path)
        assert "/accounts/login/" in answer["Location"], path
    phone.cookies["sessionid"] = phone.cookies[COOKIE].value
    assert "/accounts/login/" in phone.get("/booking/mine/")["Location"]


def test_another_visits_link_opens_this_room_to_nobody(phone, visit):
    room, _answer = entered(phone, visit)
    other = booked_visit()
    stranger = Client()
    entered(stranger, other)
    assert stranger.get(f"/v/room/{room.pk}/").status_code == 404
    # one phone for two people of a family: each link its own room
    mine = Room.objects.get(visit=other.appointment)
    third = booked_visit()
    _third, answer = entered(stranger, third)
    assert stranger.get(f"/v/room/{mine.pk}/").status_code == 200
    assert stranger.get(answer["Location"]).status_code == 200


def test_a_cancelled_visit_ends_its_link_and_its_room(by, phone, visit):
    room = doctor_comes(by, visit)
    path = visit.path
    with by(visit.resident):
        appointments.cancel(actor=visit.resident, appointment_id=visit.appointment.pk)
    assert phone.post(path).status_code == 410
    with system():
        subscribers.close(event(visit))
        subscribers.close(event(visit))
    room.refresh_from_db()
    assert room.status == Room.Status.ENDED
    assert not Link.objects.filter(ended_at=None).exists()


def test_a_cancelling_that_was_undone_keeps_the_link(by, visit):
    with by(visit.resident):
        appointments.cancel(actor=visit.resident, appointment_id=visit.appointment.pk)
        appointments.undo_cancel(actor=visit.resident, appointment_id=visit.appointment.pk)
    with system():
        subscribers.close(event(visit))
    assert visit.link.ended_at is None


def test_a_moved_visit_has_another_link_and_in_person_none(by, phone):
    visit = booked_visit(60)
    session = visit.appointment.period.session
    before, later = visit.path, timezone.now() + timedelta(hours=1)
    another = PeriodFactory(
        session=session,
        starts_at=session.starts_at + timedelta(minutes=30),
        closes_at=later,
        public=1,
    )
    with by(visit.resident):
        appointments.move(
            actor=visit.resident, appointment_id=visit.appointment.pk, period_id=another.pk
        )
    with system():
        subscribers.follow_move(event(visit))
    assert phone.get(before).status_code == 410
    assert phone.get(visit.path).status_code == 200
    in_person = PeriodFactory(session=SessionFactory(department=session.department))
    with by(visit.resident):
        appointments.move(
            actor=visit.resident, appointment_id=visit.appointment.pk, period_id=in_person.pk
        )
    with system():
        subscribers.follow_move(event(visit))
    assert not Link.objects.filter(ended_at=None).exists()


def test_finishing_is_the_doctors_and_counts_as_seen(by, client, phone, visit):
    room = doctor_comes(by, visit)
    phone.get(entered(phone, visit)[1]["Location"])
    with by(visit.link.holder):
        rooms.join_room(actor=visit.link.holder, room_id=room.pk, connection=uuid4())
    with by(visit.link.holder), pytest.raises(Forbidden):
        rooms.end_room(actor=visit.link.holder, room_id=room.pk)
    client.force_login(visit.resident)
    assert client.post(f"/visits/{visit.appointment.pk}/finish/").status_code == 403
    client.force_login(visit.doctor)
    assert client.post(f"/visits/{visit.appointment.pk}/finish/").status_code == 302
    room.refresh_from_db()
    assert (room.status, again(visit).status) == (Room.Status.ENDED, Status.FULFILLED)
    assert phone.get(f"/v/room/{room.pk}/", follow=True).status_code == 410


def test_a_visit_that_has_not_begun_is_not_finished(by, visit):
    with by(visit.doctor), pytest.raises(Conflict):
        services.finish_visit(actor=visit.doctor, visit_id=visit.appointment.pk)


def test_who_was_turned_away_is_not_let_in_by_the_doctors_coming(by, phone, visit):
    room = doctor_comes(by, visit)
    entered(phone, visit)
    phone.get(f"/v/room/{room.pk}/")
    holder = visit.link.holder
    with by(visit.doctor):
        rooms.remove_participant(
            actor=visit.doctor, room_id=room.pk, user_id=holder.pk, reason="done"
        )
    doctor_comes(by, visit)
    assert not phone.get(f"/v/room/{room.pk}/waiting/").json()["may_enter"]
    with by(visit.doctor):
        rooms.allow_participant(actor=visit.doctor, room_id=room.pk, user_id=holder.pk)
    assert phone.get(f"/v/room/{room.pk}/waiting/").json()["may_enter"]


def test_the_room_is_for_the_doctor_of_the_visit_alone(client, visit):
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=visit.doctor.organisation)
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=visit.doctor.organisation)
    for stranger in (colleague, coordinator, visit.desk, visit.resident, UserFactory()):
        client.force_login(stranger)
        assert client.get(f"/rooms/{visit.appointment.pk}/").status_code == 404
    client.force_login(visit.doctor)
    page = client.get(f"/rooms/{visit.appointment.pk}/").content.decode()
    assert visit.appointment.patient.phone in page


def test_a_visit_in_person_has_no_room(client, by, visit):
    Appointment.objects.filter(pk=visit.appointment.pk).update(mode="in_person")
    client.force_login(visit.doctor)
    assert client.get(f"/rooms/{visit.appointment.pk}/").status_code == 404


def test_a_room_is_of_a_case_or_of_a_visit(visit):
    with pytest.raises(IntegrityError, match="a_room_is_of_a_case_or_a_visit"):
        Room.objects.create()


def test_the_family_doctor_receives_the_own_signed_people(client, phone):
    team = TeamFactory()
    patient = resident_of(team)
    signed(team, patient)
    department = DepartmentFactory(organisation=team.organisation, specialty="general")
    period = period_by_video(
        timezone.now() + timedelta(minutes=10), department, clinician=team.leader
    )
    with intention(patient.user, door="test"):
        booked = appointments.book(actor=patient.user, patient=patient, period_id=period.pk)
    with system():
        link = services.ensure_link(visit_id=booked.pk)
    assert phone.post(path_of(link.pk)).status_code == 302
    client.force_login(team.leader)
    day = client.get("/booking/day/").content.decode()
    assert f"/rooms/{booked.pk}/" in day
    assert client.get(f"/rooms/{booked.pk}/").status_code == 200
    client.force_login(StaffFactory(organisation=team.organisation))
    assert client.get(f"/rooms/{booked.pk}/").status_code == 404
