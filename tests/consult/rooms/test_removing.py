"""Who may be shown the door: no host of the other side, and never without a reason."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from consult.rooms import services
from consult.rooms.models import Participant, Role
from telemed.core.errors import Conflict, Invalid
from telemed.people.models import Role as StaffRole
from tests.factories.people import PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def at(organisation, role, *, licensed=False):
    user = StaffFactory(role=role, organisation=organisation)
    return PractitionerFactory(user=user).user if licensed else user


@pytest.fixture
def enter(inside, do):
    def entered(user):
        do(services.join_room, user, room_id=inside.room.pk, connection=uuid4())
        return user

    return entered


def remove(do, inside, who, whom, reason="noise"):
    them = {"room_id": inside.room.pk, "user_id": whom.pk, "reason": reason}
    do(services.remove_participant, who, **them)
    return inside.room.participants.get(user=whom).status


def test_a_colleague_without_a_licence_does_not_stand_in_for_the_only_doctor(inside, do, enter):
    enter(at(inside.room.case.asking, StaffRole.TOWNSHIP_DOCTOR))
    enter(inside.coordinator)
    for host in (inside.answering, inside.coordinator):
        with pytest.raises(Conflict, match="only doctor"):
            remove(do, inside, host, inside.asking)


def test_a_doctor_does_not_remove_a_doctor_of_the_other_side(inside, do, enter):
    second = enter(at(inside.room.case.asking, StaffRole.TOWNSHIP_DOCTOR, licensed=True))
    with pytest.raises(Conflict, match="host of the other side"):
        remove(do, inside, inside.answering, second)
    assert remove(do, inside, inside.asking, second) == Participant.Status.REMOVED


def test_one_question_tells_of_all_doctors_who_counts(inside, do, enter):
    def cost():
        enter(at(inside.room.case.asking, StaffRole.TOWNSHIP_DOCTOR))
        refused = pytest.raises(Conflict, match="only doctor")
        with CaptureQueriesContext(connection) as asked, refused:
            remove(do, inside, inside.answering, inside.asking)
        return len(asked)

    assert cost() == cost()


def test_who_has_no_licence_there_is_no_equal_of_the_doctor(inside, do, enter):
    helper = enter(at(inside.room.case.asking, StaffRole.TOWNSHIP_DOCTOR))
    assert remove(do, inside, inside.answering, helper) == Participant.Status.REMOVED


def test_the_coordinators_of_both_sides_are_equals(inside, do, enter):
    near = enter(at(inside.room.case.asking, StaffRole.COORDINATOR))
    enter(inside.coordinator)
    for host, other in ((near, inside.coordinator), (inside.coordinator, near)):
        with pytest.raises(Conflict, match="host of the other side"):
            remove(do, inside, host, other)
    assert remove(do, inside, inside.answering, near) == Participant.Status.REMOVED


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_reason_from_the_list_is_wanted(inside, do, enter, client, reason):
    enter(inside.coordinator)
    with pytest.raises(Invalid) as refused:
        remove(do, inside, inside.asking, inside.coordinator, reason)
    assert refused.value.path == "reason"
    client.force_login(inside.asking)
    door = reverse("rooms:remove", args=[inside.room.pk])
    answer = client.post(door, {"user_id": inside.coordinator.pk, "reason": reason})
    assert answer.status_code == 422
    assert inside.room.participants.get(user=inside.coordinator).status == "admitted"


def test_the_page_asks_why_before_anybody_is_sent_out(inside, client):
    client.force_login(inside.asking)
    client.cookies["language"] = "en"
    page = client.get(reverse("rooms:room", args=[inside.room.case_id])).content.decode()
    assert 'id="remove-person"' in page
    for code in ("noise", "mistake", "patient", "done"):
        assert f'name="reason" value="{code}" required' in page


# ---- the asking side's coordinator


def test_the_asking_sides_coordinator_is_a_technical_host_too(inside, do, enter, client):
    near = enter(at(inside.room.case.asking, StaffRole.COORDINATOR))
    assert inside.room.participants.get(user=near).role == Role.COORDINATOR
    do(services.hold_room, near, room_id=inside.room.pk, reason="等家属签字")
    asked = inside.room.case.asked
    asked.phone = "0851-55550199"
    asked.save()
    client.force_login(near)
    page = client.get(reverse("rooms:room", args=[inside.room.case_id]))
    assert page.status_code == 200
    shown = page.content.decode()
    assert inside.room.case.summary not in shown
    assert "tel:0851-55550199" in shown  # the other side's


def test_no_other_institutions_coordinator_comes_in(inside, client):
    client.force_login(StaffFactory(role=StaffRole.COORDINATOR))
    page = client.get(reverse("rooms:room", args=[inside.room.case_id]))
    assert page.status_code == 404
