"""The link of a guest, tapped on a phone; and the hosts' doors."""

from uuid import uuid4

import pytest
from django.test import Client

from consult.guests import services
from consult.guests.secrets import KIND, path_of
from consult.rooms import record
from consult.rooms import services as rooms
from consult.rooms.fhir import to_fhir
from consult.rooms.models import Participant
from telemed.audit.models import AuditRow
from tests.factories.guests import PHONE, ask_in, browser, opened, place_of
from tests.factories.people import StaffFactory
from tests.factories.visits import booked_visit, doctor_comes

pytestmark = pytest.mark.django_db
Status = Participant.Status


@pytest.fixture
def link(who):
    return ask_in(who.answering, who.room)


def host_of(user):
    client = browser()
    client.force_login(user)
    return client


def let_in(by, host, link):
    with by(host):
        rooms.admit_guest(actor=host, room_id=link.room_id, user_id=link.holder_id)


def test_looking_uses_nothing_up_and_names_no_patient(who, link):
    who.room.case.asked.phone = "0851-55550014"
    who.room.case.asked.save()
    for _ in range(2):
        page = browser().get(path_of(link.pk))
        said = page.content.decode()
        assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
        assert who.room.case.patient.name not in said
        assert f"Ring {who.room.case.asked.name}" in said
    link.refresh_from_db()
    assert (link.browser, place_of(link).status) == ("", Status.INVITED)


def test_enter_binds_knocks_and_waits_until_a_host_lets_in(by, who, link):
    phone = opened(link)
    assert phone.cookies[KIND.cookie]["httponly"]
    page = phone.get(f"/g/room/{who.room.pk}/").content.decode()
    assert "Wait until somebody lets you in" in page
    assert who.room.case.patient.name not in page
    assert place_of(link).status == Status.WAITING
    assert not phone.get(f"/g/room/{who.room.pk}/waiting/").json()["may_enter"]
    assert phone.get(f"/g/room/{who.room.pk}/state/").status_code == 403
    let_in(by, who.asking, link)
    assert phone.get(f"/g/room/{who.room.pk}/waiting/").json()["may_enter"]
    assert phone.get(f"/g/room/{who.room.pk}/state/").status_code == 204
    assert AuditRow.objects.filter(action="guest.enter").exists()


@pytest.mark.parametrize("role", ["interpreter", "observer", "resident"])
def test_the_room_shows_no_record_no_study_and_no_draft(by, who, role):
    link = ask_in(who.answering, who.room, role=role, agreed=True)
    phone = opened(link)
    let_in(by, who.asking, link)
    page = phone.get(f"/g/room/{who.room.pk}/")
    said, case = page.content.decode(), who.room.case
    assert f"/ws/guests/{who.room.pk}/" in said
    for hidden in (case.patient.name, case.reason, case.summary, case.aim):
        assert hidden not in said
    assert page.context["data"]["shown"] == ""
    assert (page.context["record"], page.context["draft"]) == (None, None)
    assert ('data-room="say"' in said) == (role != "observer")
    for path in (f"/rooms/of/{who.room.pk}/shown/", f"/rooms/{case.pk}/", "/"):
        assert "/accounts/login/" in phone.get(path)["Location"], path


def test_in_a_visit_by_video_nothing_of_the_patient_is_shown(by, db):
    visit = booked_visit()
    room = doctor_comes(by, visit)
    link = ask_in(visit.doctor, room)
    phone = opened(link)
    let_in(by, visit.doctor, link)
    said = phone.get(f"/g/room/{room.pk}/").content.decode()
    assert "Images and the record are not shown here" in said
    for hidden in (visit.appointment.patient.name, visit.appointment.patient.phone):
        assert hidden not in said


def test_another_browser_is_refused_and_told_what_to_do(who, link):
    opened(link)
    other = browser()
    for tap in (other.get, other.post):
        page = tap(path_of(link.pk))
        assert page.status_code == 409
        assert "ask for a new link" in page.content.decode()
    assert other.get(f"/g/room/{who.room.pk}/").status_code == 404
    assert AuditRow.objects.filter(action="guest.enter", refused="conflict").exists()


def test_the_same_browser_comes_back(who, link):
    phone = opened(link)
    assert opened(link, phone).get(f"/g/room/{who.room.pk}/").status_code == 200


def test_replaced_taken_back_and_never_made_are_said(by, who, link):
    phone = opened(link)
    with by(who.asking):
        new = services.renew(actor=who.asking, room_id=who.room.pk, user_id=link.holder_id)
    page = browser().post(path_of(link.pk))
    assert (page.status_code, "newer link" in page.content.decode()) == (410, True)
    page = phone.get(f"/g/room/{who.room.pk}/", follow=True)
    assert (page.status_code, "newer link" in page.content.decode()) == (410, True)
    assert phone.get(f"/g/room/{who.room.pk}/waiting/").status_code == 404
    with by(who.asking):
        services.take_back(actor=who.asking, room_id=who.room.pk, user_id=link.holder_id)
    page = phone.get(f"/g/room/{who.room.pk}/", follow=True)
    assert (page.status_code, "taken back" in page.content.decode()) == (410, True)
    page = browser().post(path_of(new.pk))
    assert (page.status_code, "taken back" in page.content.decode()) == (410, True)
    assert browser().get("/g/nothing-of-ours-123456/").status_code == 404


def test_the_link_of_one_room_opens_no_other(who, link, by):
    other = browser()
    assert other.get(f"/g/room/{who.room.pk}/").status_code == 404
    phone = opened(link)
    assert phone.get(f"/g/room/{uuid4()}/").status_code == 404
    assert phone.get(f"/v/room/{who.room.pk}/").status_code == 404


def test_a_host_asks_in_by_the_dialog_and_reads_the_link_out_once(who):
    client = host_of(who.asking)
    at = f"/guests/of/{who.room.pk}"
    sent = {"name": "龙阿妹", "phone": PHONE, "role": "interpreter"}
    made = client.post(f"{at}/invite/", sent)
    address = made.json()["address"]
    assert (made.status_code, "/g/" in address) == (200, True)
    assert made["Cache-Control"] == "private, no-store"
    listed = client.get(f"{at}/")
    [guest] = listed.json()["guests"]
    assert (guest["name"], guest["phone"]) == ("龙阿妹", PHONE)
    assert address.rstrip("/").rpartition("/")[2] not in listed.content.decode()
    again = client.post(f"{at}/renew/", {"user_id": guest["user"]})
    assert again.json()["address"] != address
    assert client.post(f"{at}/end/", {"user_id": guest["user"]}).status_code == 204
    assert client.get(f"{at}/").json()["guests"] == []


def test_what_is_wrong_is_said_and_who_is_no_host_is_refused(by, who, link):
    client = host_of(who.asking)
    said = client.post(
        f"/guests/of/{who.room.pk}/invite/",
        {"name": "谁", "phone": "12", "role": "interpreter"},
        headers={"Accept": "application/json"},
    )
    assert (said.status_code, "no mobile number" in said.json()["text"]) == (422, True)
    stranger = host_of(StaffFactory())
    for path in ("", "invite/", "renew/", "end/"):
        ask = stranger.post if path else stranger.get
        answer = ask(
            f"/guests/of/{who.room.pk}/{path}",
            {"name": "谁", "phone": PHONE, "role": "observer", "user_id": str(link.holder_id)},
        )
        assert answer.status_code in (403, 404, 422), path
    assert "/accounts/login/" in Client().get(f"/guests/of/{who.room.pk}/")["Location"]


def test_the_dialog_proposes_the_patients_number_to_the_doctors_alone(by, who):
    who.room.case.patient.phone = "13900000007"
    who.room.case.patient.save(update_fields=["phone"])
    for user, known in ((who.asking, True), (who.answering, True), (who.coordinator, False)):
        page = host_of(user).get(f"/rooms/{who.room.case_id}/").content.decode()
        assert ("data-inviting" in page, "13900000007" in page) == (True, known), user.name


def test_the_record_and_the_encounter_name_the_guest_with_the_role(by, who, link):
    opened(link)
    let_in(by, who.asking, link)
    with by(link.holder):
        rooms.join_room(actor=link.holder, room_id=who.room.pk, connection=uuid4())
    with by(who.asking):
        read = record.whole(who.room)
    told = [line.text for line in read.lines]
    assert "罗晓岚 asked 龙阿妹 in by a link as Interpreter" in told
    assert ("龙阿妹", "Interpreter") in [(one.name, one.role) for one in read.people]
    people = to_fhir(who.room).participant
    named = {one.individual.display: one.type[0].coding[0].code for one in people}
    assert named["龙阿妹"] == "translator"
