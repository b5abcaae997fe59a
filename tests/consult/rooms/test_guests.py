"""Guests of a room: asked in, waiting, let in or turned away; and the hold."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from consult.rooms import ported, queries, quorum, services
from consult.rooms.models import Participant, Role, Room
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.ids import new_id
from telemed.core.intentions import System, intention
from telemed.people.models import Role as StaffRole
from tests.consult.requests.looking import told
from tests.consult.rooms.log import kinds
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene

pytestmark = pytest.mark.django_db
Status = Participant.Status


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def by(user):
    return intention(user, door="test")


def enter(user, room, connection=None):
    with by(user):
        return services.join_room(actor=user, room_id=room.pk, connection=connection or new_id())


@pytest.fixture
def inside():
    """Both doctors are in the room, which is live."""
    found = scene()
    enter(found.asking, found.room)
    enter(found.answering, found.room)
    found.room.refresh_from_db()
    return found


@pytest.fixture
def guest(inside):
    return StaffFactory(role=StaffRole.SPECIALIST, organisation=inside.room.case.asked, name="潘译")


def invite(inside, guest, role=Role.INTERPRETER, actor=None, **more):
    host = actor or inside.answering
    with by(host):
        return services.invite_guest(
            actor=host, room_id=inside.room.pk, user_id=guest.pk, role=role, **more
        )


def knock(inside, guest):
    with by(guest):
        return services.knock(actor=guest, room_id=inside.room.pk)


def act(inside, actor, do, guest):
    with by(actor):
        do(actor=actor, room_id=inside.room.pk, user_id=guest.pk)


def test_a_guest_is_asked_knocks_is_let_in_and_comes(inside, guest):
    invite(inside, guest)
    assert told(guest) == ["room.invited"]
    with pytest.raises(Forbidden, match="let you in"):
        enter(guest, inside.room)
    assert knock(inside, guest).status == Status.WAITING

    act(inside, inside.asking, services.admit_guest, guest)
    place = enter(guest, inside.room)

    assert (place.role, place.status) == (Role.INTERPRETER, Status.ADMITTED)
    assert kinds(inside.room)[-4:] == [
        "participant.invited",
        "participant.knocked",
        "participant.admitted",
        "participant.joined",
    ]


def test_the_first_knock_keeps_the_place_in_line(inside, guest):
    invite(inside, guest)
    first = knock(inside, guest).knocked_at
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert knock(inside, guest).knocked_at == first
    assert kinds(inside.room).count("participant.knocked") == 1


def test_two_hosts_who_let_in_the_same_guest_do_it_once(inside, guest):
    invite(inside, guest)
    act(inside, inside.asking, services.admit_guest, guest)
    act(inside, inside.answering, services.admit_guest, guest)
    assert kinds(inside.room).count("participant.admitted") == 1


def test_who_was_turned_away_may_knock_again_after_ten_minutes(inside, guest):
    invite(inside, guest)
    knock(inside, guest)
    act(inside, inside.asking, services.refuse_guest, guest)
    assert knock(inside, guest).status == Status.REFUSED
    with pytest.raises(Forbidden, match="not let in"):
        enter(guest, inside.room)
    with time_machine.travel(timezone.now() + Participant.AGAIN + timedelta(seconds=1)):
        assert knock(inside, guest).status == Status.WAITING


def test_an_observer_comes_with_the_patients_consent_and_does_not_write(inside, guest):
    with pytest.raises(Invalid) as refused:
        invite(inside, guest, Role.OBSERVER)
    assert refused.value.path == "agreed"
    invite(inside, guest, Role.OBSERVER, agreed=True)
    act(inside, inside.asking, services.admit_guest, guest)
    enter(guest, inside.room)
    with pytest.raises(Forbidden), by(guest):
        services.say(actor=guest, room_id=inside.room.pk, text="hello", client_id=new_id())
    assert inside.room.events.get(kind="participant.invited").body["agreed"] is True


def test_a_stranger_one_of_the_case_and_a_false_role_are_not_invited(inside, guest):
    with pytest.raises(NotFound):
        invite(inside, StaffFactory())
    with pytest.raises(Conflict, match="belongs to this consult"):
        invite(inside, inside.asking)
    with pytest.raises(Invalid) as refused:
        invite(inside, guest, Role.SPECIALIST)
    assert refused.value.path == "role"
    assert "participant.invited" not in kinds(inside.room)


def test_a_guest_is_no_host(inside, guest):
    invite(inside, guest)
    act(inside, inside.asking, services.admit_guest, guest)
    enter(guest, inside.room)
    other = StaffFactory(organisation=inside.room.case.asking)
    with pytest.raises(Forbidden):
        invite(inside, other, actor=guest)
    for do in (services.admit_guest, services.refuse_guest):
        with pytest.raises(Forbidden):
            act(inside, guest, do, other)
    with pytest.raises(Forbidden), by(guest):
        services.remove_participant(
            actor=guest, room_id=inside.room.pk, user_id=inside.asking.pk, reason=""
        )
    with pytest.raises(Forbidden), by(guest):
        services.end_room(actor=guest, room_id=inside.room.pk)
    with pytest.raises(Forbidden), by(guest):
        queries.find_colleagues(guest, inside.room.pk, "潘")
    with pytest.raises(Forbidden), by(guest):
        services.take_lead(actor=guest, room_id=inside.room.pk)


def test_a_guest_who_was_removed_stays_out_until_invited_again(inside, guest):
    invite(inside, guest)
    act(inside, inside.asking, services.admit_guest, guest)
    enter(guest, inside.room)
    with by(inside.asking):
        services.remove_participant(
            actor=inside.asking, room_id=inside.room.pk, user_id=guest.pk, reason="noise"
        )
    with pytest.raises(Forbidden):
        enter(guest, inside.room)
    with pytest.raises(Forbidden, match="Invite again"):
        act(inside, inside.asking, services.admit_guest, guest)
    assert invite(inside, guest).status == Status.INVITED


def test_the_page_of_a_guest_waits_without_the_record_and_goes_on_by_itself(client, inside, guest):
    invite(inside, guest)
    client.force_login(guest)
    case = inside.room.case
    page = client.get(reverse("rooms:room", args=[case.pk])).content.decode()
    assert case.patient.name not in page
    ask = reverse("rooms:waiting", args=[inside.room.pk])
    assert client.get(ask).json()["may_enter"] is False
    act(inside, inside.asking, services.admit_guest, guest)
    assert client.get(ask).json()["may_enter"] is True
    page = client.get(reverse("rooms:room", args=[case.pk])).content.decode()
    assert case.patient.name not in page
    assert 'data-room="say"' in page


def test_the_room_of_a_case_is_no_page_for_who_was_not_invited(client, inside, guest):
    client.force_login(guest)
    assert client.get(reverse("rooms:room", args=[inside.room.case_id])).status_code == 404
    assert client.get(reverse("rooms:waiting", args=[inside.room.pk])).status_code == 404


def test_hosts_find_colleagues_by_name_and_invite_by_form(client, inside, guest):
    client.force_login(inside.answering)
    found = client.get(reverse("rooms:people", args=[inside.room.pk]), {"q": "潘"}).json()
    assert [one["id"] for one in found["people"]] == [str(guest.pk)]
    door = reverse("rooms:invite", args=[inside.room.pk])
    refused = client.post(door, {"role": "interpreter"}, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["path"]) == (422, "user_id")
    sent = client.post(door, {"user_id": guest.pk, "role": "interpreter"})
    assert sent.status_code == 204
    assert inside.room.participants.get(user=guest).status == Status.INVITED


def test_an_invitation_ends_with_its_room(inside, guest):
    invite(inside, guest)
    with by(inside.answering):
        services.end_room(actor=inside.answering, room_id=inside.room.pk)
    with by(inside.answering):
        services.open_room(actor=inside.answering, case_id=inside.room.case_id)
    assert queries.find_place(guest, inside.room.case_id) is None


class TestHold:
    def test_the_time_stops_and_goes_on(self, inside):
        began = timezone.now()
        room = inside.room
        Room.objects.filter(pk=room.pk).update(live_at=began)
        with time_machine.travel(began + timedelta(minutes=10), tick=False), by(inside.asking):
            services.hold_room(actor=inside.asking, room_id=room.pk, reason="转运病人")
        with time_machine.travel(began + timedelta(minutes=25), tick=False):
            assert ported.time_live(room.case_id) == timedelta(minutes=10)
            Participant.objects.update(seen_at=timezone.now())
            with by(inside.answering):
                services.resume_room(actor=inside.answering, room_id=room.pk)
        with time_machine.travel(began + timedelta(minutes=30), tick=False):
            assert ported.time_live(room.case_id) == timedelta(minutes=15)
        assert kinds(room)[-2:] == ["room.held", "room.resumed"]

    def test_it_needs_a_reason_a_begun_consult_and_a_host(self, inside, guest):
        with pytest.raises(Invalid), by(inside.asking):
            services.hold_room(actor=inside.asking, room_id=inside.room.pk, reason=" ")
        waiting = scene()
        enter(waiting.asking, waiting.room)
        with pytest.raises(Conflict), by(waiting.asking):
            services.hold_room(actor=waiting.asking, room_id=waiting.room.pk, reason="test")
        with pytest.raises(NotFound), by(guest):
            services.hold_room(actor=guest, room_id=inside.room.pk, reason="test")

    def test_without_a_sides_doctor_it_holds_itself_calls_and_resumes_by_itself(self, inside):
        now = timezone.now()
        lost = inside.room.participants.filter(user=inside.asking)
        lost.update(seen_at=now - Room.ALONE_FOR - timedelta(seconds=1))
        assert inside.room.pk in quorum.rooms_to_sweep()
        with intention(System("rooms"), door="test"):
            services.sweep_room(room_id=inside.room.pk)
        room = Room.objects.get(pk=inside.room.pk)
        assert (room.status, room.held_by) == (Room.Status.HELD, None)
        assert "room.held" in told(inside.asking)
        with pytest.raises(Conflict), by(inside.answering):
            services.resume_room(actor=inside.answering, room_id=room.pk)

        enter(inside.asking, room)

        room.refresh_from_db()
        assert room.status == Room.Status.LIVE
        assert kinds(room)[-1] == "room.resumed"

    def test_what_a_host_held_goes_on_by_hand_alone(self, inside):
        with by(inside.asking):
            services.hold_room(actor=inside.asking, room_id=inside.room.pk, reason="吃饭")
        enter(inside.asking, inside.room)
        assert Room.objects.get(pk=inside.room.pk).status == Room.Status.HELD

    def test_a_held_room_ends_with_its_time_counted(self, inside):
        began = timezone.now()
        Room.objects.filter(pk=inside.room.pk).update(live_at=began)
        with time_machine.travel(began + timedelta(minutes=4), tick=False), by(inside.asking):
            services.hold_room(actor=inside.asking, room_id=inside.room.pk, reason="转运")
        with time_machine.travel(began + timedelta(minutes=9), tick=False), by(inside.asking):
            services.end_room(actor=inside.asking, room_id=inside.room.pk)
        assert ported.time_live(inside.room.case_id) == timedelta(minutes=4)


@pytest.mark.parametrize(("reason", "path"), [("", "reason"), ("长" * 201, "reason")])
def test_a_hold_without_a_fitting_reason_is_refused_at_its_field(client, inside, reason, path):
    client.force_login(inside.asking)
    door = reverse("rooms:hold", args=[inside.room.pk])
    refused = client.post(door, {"reason": reason}, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["path"]) == (422, path)
    assert Room.objects.get(pk=inside.room.pk).status == Room.Status.LIVE
