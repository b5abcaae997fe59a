"""What the pages of a case say to whom: turns in the reader's words, acts under the right name."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.requests import policies
from consult.requests.models import Case, Kind, Step
from telemed.notifications.models import Channel, Delivery, Notification
from telemed.people.models import Role
from tests.factories.consult import accepted_case, amended_case, sent_case, signed_case
from tests.factories.people import StaffFactory
from tests.factories.rota import on

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client):
    def page(actor, address="/"):
        client.force_login(actor)
        client.cookies["language"] = "en"
        return client.get(address, follow=True).content.decode()

    return page


def address_of(scene):
    return reverse("requests:case", args=[scene.case.pk])


def test_the_system_asks_the_doctors_not_the_person_who_sent_it():
    scene = sent_case()

    routed = Step.objects.get(case=scene.case, action="case.route")
    assert (routed.actor, routed.organisation) == (None, None)
    assert Step.objects.get(case=scene.case, action="case.submit").actor == scene.asker


def test_who_lets_a_request_go_to_the_doctors_by_hand_is_named(client, monkeypatch):
    monkeypatch.setattr(policies, "needs_triage", lambda organisation_id: True)
    scene = sent_case()

    client.force_login(scene.coordinator)
    client.post(reverse("requests:route", args=[scene.case.pk]))

    assert Step.objects.get(case=scene.case, action="case.route").actor == scene.coordinator


def test_your_receipt_is_said_to_the_asking_doctor_alone(look):
    scene = signed_case()
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=scene.hospital)

    assert "your receipt closes the case" in look(scene.asker, "/cases/")
    for other in (scene.specialist, scene.coordinator, office):
        page = look(other, "/cases/")
        assert "your receipt" not in page
        assert f"the receipt of {scene.clinic.name} closes the case" in page


def test_what_waits_for_details_waits_for_the_asking_doctor_not_for_the_specialist(client, look):
    scene = sent_case()
    client.force_login(scene.specialist)
    asking = {"fields_asked": ["summary"], "text": "请补充血压"}
    client.post(reverse("requests:ask", args=[scene.case.pk]), asking)

    mine = look(scene.specialist)
    assert "Nothing waits for you" in mine
    assert "has to answer a question" in mine  # with the other side
    theirs = look(scene.asker)
    assert "1 thing waits for you" in theirs
    assert "You have a question to answer" in theirs


def test_in_an_emergency_the_specialist_goes_on_meanwhile(client, look):
    scene = sent_case(kind=Kind.EMERGENCY)
    client.force_login(scene.specialist)
    client.post(reverse("requests:ask", args=[scene.case.pk]), {"text": "起病时间？"})

    assert "1 thing waits for you" in look(scene.specialist)


def test_who_has_a_case_reads_you(look):
    scene = accepted_case()

    assert "You have it" in look(scene.specialist, "/cases/")
    assert f"{scene.specialist.name} of {scene.hospital.name} has it" in look(
        scene.asker, "/cases/"
    )


def test_lists_name_the_other_institution(look):
    scene = sent_case()

    assert f'<td class="m-2">{scene.hospital.name}</td>' in look(scene.asker, "/cases/")
    for reader in (scene.specialist, scene.coordinator):
        assert f'<td class="m-2">{scene.clinic.name}</td>' in look(reader, "/cases/")


def test_an_amended_opinion_stands_before_the_decision_and_the_old_one_after(look):
    scene = amended_case()

    page = look(scene.asker, address_of(scene))

    places = [
        page.index(mark) for mark in ('id="opinion-2"', "What will you do?", 'id="opinion-1"')
    ]
    assert places == sorted(places)


def test_the_asking_side_sees_how_its_messages_went_and_the_specialist_does_not(look):
    scene = sent_case()
    note = Notification.objects.get(recipient=scene.specialist)
    Delivery.objects.create(
        notification=note, channel=Channel.SMS, state="delivered", delivered_at=note.created_at
    )

    page = look(scene.asker, address_of(scene))
    assert "Messages about this" in page
    told = page[page.index('id="told"') :]
    assert scene.specialist.name in told
    assert re.search(r"SMS delivered\s+<time", told)
    assert "Messages about this" in look(scene.coordinator, address_of(scene))
    assert "Messages about this" not in look(scene.specialist, address_of(scene))


def test_who_sent_an_emergency_sees_the_number_of_who_is_on_duty_there(look):
    scene = sent_case(kind=Kind.EMERGENCY)
    begun = timezone.now() - timedelta(hours=1)
    on(scene.specialist, scene.hospital, begun, phone="0851-5550123")

    assert 'href="tel:0851-5550123"' in look(scene.asker, address_of(scene))
    assert "is being called" not in look(scene.specialist, address_of(scene))


def test_without_a_shift_the_hospitals_own_number_is_shown(look):
    scene = sent_case(kind=Kind.EMERGENCY)

    assert f'href="tel:{scene.hospital.phone}"' in look(scene.asker, address_of(scene))


def test_an_ordinary_request_names_no_number_while_there_is_time(look):
    assert "is being called" not in look((scene := sent_case()).asker, address_of(scene))


def test_an_emergency_stands_above_what_waits_without_a_clock(client, look):
    scene = sent_case()
    client.force_login(scene.specialist)
    client.post(reverse("requests:ask", args=[scene.case.pk]), {"text": "请补充近三天的血压"})
    urgent = accepted_case(kind=Kind.EMERGENCY, reason="突发意识不清").case  # its clock runs
    Case.objects.filter(pk=urgent.pk).update(asking=scene.clinic, requester=scene.asker)

    page = look(scene.asker)

    assert page.index(urgent.reason) < page.index(scene.case.reason)
