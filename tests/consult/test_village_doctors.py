"""What a doctor with a licence for the village alone may do, and what is a clinic's doctor's."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation

from consult.requests import queries, services
from consult.requests.models import Case, Kind, Status
from consult.rooms import services as rooms
from consult.rooms.models import Room
from records.consent import breakglass
from scheduling.duties.models import Status as DutyStatus
from scheduling.registration import queries as registration
from scheduling.registration import services as teams
from scheduling.registration.models import Function
from telemed.core.errors import Forbidden, Invalid, NotFound
from telemed.people.models import Practitioner, User
from tests.factories.consult import drafted_case, signed_case
from tests.factories.duties import due, serve
from tests.factories.people import PatientFactory, PractitionerFactory, StaffFactory, treated
from tests.factories.registration import TeamFactory
from tests.factories.rooms import scene as room_scene
from tests.factories.scheduling import SessionFactory
from tests.scheduling.appointments.batches.sending import opened, periods_in, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def in_the_village(user: User) -> User:
    """The same account with the other licence."""
    Practitioner.objects.filter(user=user).update(title="village", specialty="general")
    return User.objects.get(pk=user.pk)


def village_doctor_of(organisation) -> User:
    user = StaffFactory(organisation=organisation, language="en")
    return PractitionerFactory(user=user, title="village", specialty="general").user


def test_a_request_that_a_village_doctor_wrote_is_sent_by_a_doctor_of_the_clinic(by, client):
    scene = drafted_case()
    writer = in_the_village(scene.asker)
    colleague = PractitionerFactory(user=StaffFactory(organisation=scene.clinic)).user

    with by(writer), pytest.raises(Forbidden, match="village doctor sends emergencies"):
        services.submit_case(actor=writer, case_id=scene.case.pk)
    assert scene.refresh().status == Status.DRAFT
    with by(colleague):
        assert scene.case in queries.needs_me(colleague)
        services.submit_case(actor=colleague, case_id=scene.case.pk)
    assert scene.refresh().status == Status.ROUTED


def test_another_doctors_draft_is_on_nobody_elses_list(by):
    scene = drafted_case()
    colleague = PractitionerFactory(user=StaffFactory(organisation=scene.clinic)).user
    with by(colleague):
        assert scene.case not in queries.needs_me(colleague)


def test_the_form_says_who_sends_it(client):
    scene = drafted_case()
    client.cookies["language"] = "en"
    client.force_login(scene.asker)
    address = reverse("requests:edit", args=[scene.case.pk])
    assert "data-send" in client.get(address).content.decode()
    client.force_login(in_the_village(scene.asker))
    page = client.get(address).content.decode()
    assert "data-send" not in page
    assert "A doctor of your clinic sends it" in page


def test_an_emergency_is_sent_from_the_village(by):
    scene = drafted_case()
    Case.objects.filter(pk=scene.case.pk).update(kind=Kind.EMERGENCY)
    writer = in_the_village(scene.asker)
    with by(writer):
        services.submit_case(actor=writer, case_id=scene.case.pk)
    assert scene.refresh().status == Status.ROUTED


def test_a_village_doctor_is_the_one_present_in_a_room(by):
    who = room_scene()
    asking = in_the_village(who.asking)
    for user in (asking, who.answering):
        with by(user):
            rooms.join_room(actor=user, room_id=who.room.pk, connection=uuid4())
    who.room.refresh_from_db()
    assert who.room.status == Room.Status.LIVE


def test_a_village_doctor_reads_the_opinion_and_a_doctor_decides_on_it(by, client):
    scene = signed_case()
    reader = in_the_village(scene.asker)
    with by(reader), pytest.raises(Forbidden, match="a village doctor reads the opinion"):
        services.give_receipt(actor=reader, case_id=scene.case.pk, version=1, decision="adopted")
    client.cookies["language"] = "en"
    client.force_login(reader)
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert "A doctor of your institution decides on this opinion" in page
    assert 'name="decision"' not in page


def test_what_waits_for_the_receipt_is_in_others_hands_for_a_village_doctor(by, client):
    scene = signed_case()
    colleague = PractitionerFactory(user=StaffFactory(organisation=scene.clinic)).user
    reader = in_the_village(scene.asker)
    with by(colleague):
        assert queries.needs_me(colleague) == [scene.case]
        assert queries.under_way(colleague) == []
    with by(reader):
        assert queries.needs_me(reader) == []
        assert queries.under_way(reader) == [scene.case]
    client.cookies["language"] = "en"
    client.force_login(reader)
    page = client.get("/").content.decode()
    assert "your receipt closes the case" not in page
    assert f"the receipt of {scene.clinic.name} closes the case" in page


def test_the_head_of_every_page_says_village_doctor(client):
    doctor = village_doctor_of(TeamFactory().organisation)
    client.cookies["language"] = "en"
    client.force_login(doctor)
    assert '<i class="sep"></i> Village doctor</span>' in client.get("/").content.decode()


def test_a_village_doctor_answers_no_consult(by):
    scene = drafted_case()
    Practitioner.objects.filter(user=scene.specialist).update(title="village")
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    assert not scene.case.offers.exists()


def test_a_village_doctor_opens_no_record_in_an_emergency(by):
    doctor = village_doctor_of(TeamFactory().organisation)
    with by(doctor), pytest.raises(Forbidden, match="for licensed doctors"):
        breakglass.check_right(doctor)


def test_a_village_doctor_serves_the_duties_of_the_team(by):
    team = TeamFactory()
    doctor = village_doctor_of(team.organisation)
    duty = due(team)
    with pytest.raises(NotFound):
        serve(duty, doctor)
    admin = StaffFactory(role="administrator", organisation=team.organisation)
    with by(admin):
        teams.add_member(
            actor=admin, team_id=team.pk, function=Function.VILLAGE_DOCTOR, user_id=doctor.pk
        )
    assert serve(duty, doctor).status == DutyStatus.DONE


def test_a_village_doctor_neither_leads_a_team_nor_is_its_family_doctor(by):
    team = TeamFactory()
    admin = StaffFactory(role="administrator", organisation=team.organisation)
    doctor = village_doctor_of(team.organisation)
    for function in (Function.LEADER, Function.GP):
        with by(admin), pytest.raises(Invalid, match="choose somebody who works there"):
            teams.add_member(actor=admin, team_id=team.pk, function=function, user_id=doctor.pk)
    with by(admin):
        teams.add_member(
            actor=admin, team_id=team.pk, function=Function.VILLAGE_DOCTOR, user_id=doctor.pk
        )
    assert doctor in registration.doctors_of(team)  # a contract can name them


def test_a_village_doctor_books_for_several_villagers(by):
    doctor = village_doctor_of(TeamFactory().organisation)
    (period,) = periods_in(SessionFactory(), 2)
    people = [treated(PatientFactory(name=name), doctor.organisation) for name in "甲乙"]
    rows = sent(by, doctor, opened(by, doctor, period, people))
    assert {row.appointment.channel for row in rows} == {"clinic"}
