"""Who is asked in without an account, as what, and how that is taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from consult.guests import queries, services
from consult.guests.models import Link
from consult.guests.secrets import KIND, address_of
from consult.rooms import services as rooms
from consult.rooms.links import Standing
from consult.rooms.models import Participant, Room
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from telemed.notifications.models import Channel, Delivery, Notification, State
from telemed.notifications.services import claim
from telemed.people.models import Role, User
from tests.factories.guests import PHONE, ask_in, place_of
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.factories.visits import booked_visit, doctor_comes

pytestmark = pytest.mark.django_db
Status = Participant.Status


def test_a_host_asks_somebody_in_and_the_link_goes_out_by_sms(who, by):
    link = ask_in(who.answering, who.room)
    place = place_of(link)
    assert (place.role, place.status, place.invited_by) == (
        "interpreter",
        Status.INVITED,
        who.answering,
    )
    said = who.room.events.get(kind="participant.invited").body
    assert (said["name"], said["role"], said["by_link"]) == ("龙阿妹", "interpreter", True)
    delivery = Delivery.objects.get(notification__person_id=link.pk)
    assert (delivery.channel, delivery.state) == (Channel.SMS, State.QUEUED)
    with by(who.answering):
        sent = claim(delivery_id=delivery.pk)
    assert sent.to == PHONE
    assert sent.text.endswith(address_of(link.pk))
    assert who.room.case.asked.name in sent.text
    assert who.room.case.patient.name not in sent.text
    assert AuditRow.objects.filter(action="guest.link_make").exists()


def test_the_account_behind_it_is_nobodys_and_finds_no_number(who):
    holder = ask_in(who.asking, who.room).holder
    assert not holder.has_usable_password()
    assert (holder.acting_as, holder.phone, holder.email) == (None, "", "")
    assert not holder.is_staff
    assert not holder.is_superuser


def test_neither_the_link_nor_its_browser_is_kept(who):
    link = ask_in(who.asking, who.room)
    token = KIND.token_of(link.pk)
    assert token not in (link.digest, link.browser)
    assert queries.get_link(token) == link
    assert token not in str(list(Notification.objects.values()))


def test_only_hosts_ask_in_and_take_back(who, by):
    guest = ask_in(who.asking, who.room)
    stranger = StaffFactory(role=Role.SPECIALIST)
    for nobody in (stranger, guest.holder):
        with by(nobody), pytest.raises((NotFound, Forbidden)):
            services.invite(
                actor=nobody, room_id=who.room.pk, name="谁", phone=PHONE, role="interpreter"
            )
        with by(nobody), pytest.raises((NotFound, Forbidden)):
            services.take_back(actor=nobody, room_id=who.room.pk, user_id=guest.holder_id)
    assert Link.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"name": "  "}, "name"),
        ({"phone": "0855-8223366"}, "phone"),
        ({"phone": "1398550123"}, "phone"),
        ({"role": "specialist"}, "role"),
        ({"role": ""}, "role"),
        ({"role": "observer"}, "agreed"),
    ],
)
def test_wrong_input_is_refused_and_changes_nothing(who, wrong, path):
    with pytest.raises(Invalid) as refused:
        ask_in(who.asking, who.room, **wrong)
    assert refused.value.path == path
    assert not Link.objects.exists()
    assert not User.objects.filter(username__startswith="guest-").exists()
    assert not Notification.objects.filter(template="room.invite").exists()


@pytest.mark.parametrize("written", ["139 8550 1234", "+8613985501234", "139-8550-1234"])
def test_a_number_is_read_as_people_write_it(who, written):
    assert ask_in(who.asking, who.room, phone=written).phone == PHONE


def test_the_same_number_once_more_answers_the_link_that_is_there(who):
    first = ask_in(who.asking, who.room)
    again = ask_in(who.answering, who.room, name="阿妹", role="observer", agreed=True)
    assert again == first
    assert place_of(first).role == "interpreter"
    assert who.room.events.filter(kind="participant.invited").count() == 1
    assert Notification.objects.filter(template="room.invite").count() == 1


def test_the_database_keeps_one_open_link_a_phone(who):
    link = ask_in(who.asking, who.room)
    other = ask_in(who.asking, who.room, phone="13985500000")
    with pytest.raises(IntegrityError, match="one_open_link_a_phone_in_a_room"):
        Link.objects.filter(pk=other.pk).update(phone=link.phone)


def test_the_patients_side_has_two_places(who):
    ask_in(who.asking, who.room, role="resident")
    ask_in(who.asking, who.room, phone="13985500001", name="女儿", role="resident")
    with pytest.raises(Conflict, match="2 places"):
        ask_in(who.asking, who.room, phone="13985500002", name="儿子", role="resident")
    assert Link.objects.count() == 2


def test_a_full_room_takes_nobody_more(who, monkeypatch):
    monkeypatch.setattr(Participant, "MOST", 2)
    with pytest.raises(Conflict, match="full"):
        ask_in(who.asking, who.room)
    assert not Link.objects.exists()


def test_nobody_is_asked_into_a_room_that_has_ended(who, by):
    with by(who.asking):
        rooms.end_room(actor=who.asking, room_id=who.room.pk)
    with pytest.raises(Gone, match="ended"):
        ask_in(who.asking, who.room)


def test_a_new_link_replaces_the_former_at_the_same_place(who, by):
    former = ask_in(who.asking, who.room)
    with by(who.answering):
        new = services.renew(actor=who.answering, room_id=who.room.pk, user_id=former.holder_id)
    former.refresh_from_db()
    assert (former.ended_at is not None, new.holder) == (True, former.holder)
    assert queries.standing_of(former, "") == Standing.REPLACED
    assert queries.standing_of(new, "") == Standing.OPEN
    assert Notification.objects.filter(template="room.invite").count() == 2


def test_what_is_taken_back_opens_nothing_and_sends_nothing(who, by):
    link = ask_in(who.asking, who.room)
    for _twice in range(2):
        with by(who.answering):
            services.take_back(actor=who.answering, room_id=who.room.pk, user_id=link.holder_id)
    link.refresh_from_db()
    assert queries.standing_of(link, "") == Standing.OVER
    assert place_of(link).status == Status.REMOVED
    assert who.room.events.filter(kind="participant.removed").count() == 1
    delivery = Delivery.objects.get(notification__person_id=link.pk)
    with by(who.answering):
        assert claim(delivery_id=delivery.pk) is None


def test_who_was_taken_back_comes_again_by_a_new_link(who, by):
    link = ask_in(who.asking, who.room)
    with by(who.asking):
        services.take_back(actor=who.asking, room_id=who.room.pk, user_id=link.holder_id)
    with by(who.asking):
        new = services.renew(actor=who.asking, room_id=who.room.pk, user_id=link.holder_id)
    assert place_of(new).status == Status.INVITED
    with by(who.asking):
        services.take_back(actor=who.asking, room_id=who.room.pk, user_id=link.holder_id)
    assert ask_in(who.asking, who.room).holder == link.holder


def test_removing_the_guest_ends_the_link_and_so_does_the_rooms_end(who, by):
    removed = ask_in(who.asking, who.room)
    stays = ask_in(who.asking, who.room, phone="13985500001")
    with by(who.asking):
        rooms.remove_participant(
            actor=who.asking, room_id=who.room.pk, user_id=removed.holder_id, reason="noise"
        )
    removed.refresh_from_db()
    stays.refresh_from_db()
    assert (removed.ended_at is None, stays.ended_at is None) == (False, True)
    with by(who.asking):
        rooms.end_room(actor=who.asking, room_id=who.room.pk)
    stays.refresh_from_db()
    assert stays.ended_at is not None


def test_a_link_of_another_room_is_nobodys_here(who, by):
    elsewhere = scene()
    with by(elsewhere.asking):
        rooms.join_room(actor=elsewhere.asking, room_id=elsewhere.room.pk, connection=uuid4())
    theirs = ask_in(elsewhere.asking, elsewhere.room)
    for act in (services.renew, services.take_back):
        with by(who.asking), pytest.raises(NotFound, match="Nobody like that"):
            act(actor=who.asking, room_id=who.room.pk, user_id=theirs.holder_id)
    theirs.refresh_from_db()
    assert theirs.ended_at is None


def test_after_a_day_it_opens_nothing_but_who_is_in_stays(who, by):
    late, inside = ask_in(who.asking, who.room), ask_in(who.asking, who.room, phone="13985500001")
    Participant.objects.filter(user=inside.holder).update(status=Status.ADMITTED)
    with time_machine.travel(timezone.now() + Link.GOOD_FOR + timedelta(minutes=1)):
        assert queries.standing_of(late, "") == Standing.OVER
        assert queries.standing_of(inside, "") == Standing.OPEN
        again = ask_in(who.asking, who.room)
    assert (again != late, again.holder) == (True, late.holder)


def test_a_guest_never_counts_and_calls_nobody(by, db):
    made = scene()
    with by(made.asking):
        rooms.join_room(actor=made.asking, room_id=made.room.pk, connection=uuid4())
    link = ask_in(made.asking, made.room, role="resident")
    with by(link.holder):
        assert rooms.knock(actor=link.holder, room_id=made.room.pk).status == Status.WAITING
    with by(made.asking):
        rooms.admit_guest(actor=made.asking, room_id=made.room.pk, user_id=link.holder_id)
    with by(link.holder):
        place = rooms.join_room(actor=link.holder, room_id=made.room.pk, connection=uuid4())
    made.room.refresh_from_db()
    assert (place.role, made.room.status) == ("resident", Room.Status.OPEN)


def test_the_patient_of_a_consult_is_let_in_by_a_host_and_not_by_the_specialists_being_there(
    who, by
):
    link = ask_in(who.asking, who.room, role="resident")
    with by(link.holder):
        assert rooms.knock(actor=link.holder, room_id=who.room.pk).status == Status.WAITING


def test_into_a_visit_comes_an_interpreter_and_no_second_patient(by, db):
    visit = booked_visit()
    room = doctor_comes(by, visit)
    with pytest.raises(Invalid, match="comes for"):
        ask_in(visit.doctor, room, role="resident")
    assert place_of(ask_in(visit.doctor, room)).role == "interpreter"
