"""A case reaches its end by itself, and what keeps it open has a clock that somebody hears."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from consult.opinions import services as opinions
from consult.requests import services
from consult.requests.models import Case, Kind, Question, Status
from consult.rooms import services as rooms
from telemed.core.clocks import fire_due
from telemed.core.models import Clock, ClockState
from telemed.organisations.models import Entry
from telemed.people import signing
from telemed.people.models import Role
from tests.consult.requests import climbing
from tests.consult.requests.climbing import START, made, pass_time
from tests.consult.requests.looking import told
from tests.factories.consult import (
    PIN,
    TEXTS,
    accepted_case,
    drafted_case,
    sent_case,
    signed_case,
)
from tests.factories.people import StaffFactory
from tests.factories.rooms import RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deferred(by):
    """An emergency that went before its consent; its opinion is signed."""
    scene = climbing.deferred(by)
    doctor, case_id = scene.specialist, scene.case.pk
    with time_machine.travel(START, tick=False):
        with by(doctor):
            signing.create_key(user=doctor, pin=PIN)
            services.accept_case(actor=doctor, case_id=case_id)
            opinions.save_draft(actor=doctor, case_id=case_id, **TEXTS)
        with by(doctor):
            opinions.sign_opinion(actor=doctor, case_id=case_id, pin=PIN)
    return scene


def take_consent(by, scene):
    with by(scene.asker):
        services.attach_consent(
            fee_shown=12000,
            actor=scene.asker,
            case_id=scene.case.pk,
            method="drawn",
            relation="next_of_kin",
            signature=b"\x89PNG",
        )


def give_receipt(by, scene, **more):
    with time_machine.travel(START, tick=False), by(scene.asker):
        services.give_receipt(
            actor=scene.asker, case_id=scene.case.pk, version=1, decision="adopted", **more
        )
    return scene.refresh().status


def live(case):
    clocks = Clock.objects.filter(about=case.pk, state=ClockState.RUNNING)
    return set(clocks.values_list("kind", flat=True)) - {f"case.outcome_{n}" for n in (3, 7, 30)}


# ---- done at last


def test_the_late_consent_closes_what_the_receipt_was_to_close(by, deferred):
    assert give_receipt(by, deferred) == Status.RECEIPTED

    take_consent(by, deferred)

    assert deferred.refresh().status == Status.CLOSED
    assert deferred.case.closing == Case.Closing.RECEIPT
    assert Entry.objects.filter(subject=deferred.case.pk).count() == 1
    assert live(deferred.case) == set()


def test_it_does_not_close_it_where_the_receipt_was_not_to(by, deferred):
    give_receipt(by, deferred, close=False)
    take_consent(by, deferred)
    assert deferred.refresh().status == Status.RECEIPTED
    assert "case.close" in live(deferred.case)


def test_without_a_receipt_the_late_consent_closes_it_once_its_time_is_over(by, deferred):
    pass_time(days=3)
    assert deferred.refresh().status == Status.SIGNED
    pass_time(days=20)
    assert deferred.refresh().status == Status.SIGNED  # the consent is missing

    take_consent(by, deferred)

    assert deferred.refresh().status == Status.CLOSED
    assert deferred.case.closing == Case.Closing.NO_RECEIPT


def test_the_field_that_was_missing_closes_it(by):
    scene = made(signed_case, kind=Kind.EMERGENCY)
    Case.objects.filter(pk=scene.case.pk).update(aim="")
    assert give_receipt(by, scene) == Status.RECEIPTED

    with by(scene.asker):
        services.complete_case(actor=scene.asker, case_id=scene.case.pk, aim="明确诊断")

    assert scene.refresh().status == Status.CLOSED


def test_the_last_question_closes_it(by):
    """None is asked after the signature; one that stands all the same is no dead end."""
    scene = made(signed_case)
    asked = Question.objects.create(
        case=scene.case, slot=1, asked_by=scene.specialist, text="血糖是空腹测的吗？"
    )
    assert give_receipt(by, scene) == Status.RECEIPTED

    with by(scene.asker):
        services.answer_question(
            actor=scene.asker, case_id=scene.case.pk, question_id=asked.pk, text="是空腹的"
        )

    assert scene.refresh().status == Status.CLOSED


def test_the_end_of_the_room_closes_what_waited_for_nothing_else(by):
    scene = made(signed_case)
    room = RoomFactory(case=scene.refresh())
    with time_machine.travel(START, tick=False):
        for user in (scene.asker, scene.specialist):
            with by(user):
                rooms.join_room(actor=user, room_id=room.pk, connection=uuid4())
        assert give_receipt(by, scene, close=False) == Status.RECEIPTED
    with time_machine.travel(START + timedelta(hours=10, seconds=1), tick=False):
        room.participants.update(seen_at=START + timedelta(hours=10))
        fire_due()
    assert scene.refresh().status == Status.RECEIPTED
    assert "case.blocked" in live(scene.case)

    with time_machine.travel(START + timedelta(hours=11), tick=False), by(scene.specialist):
        rooms.end_room(actor=scene.specialist, room_id=room.pk)

    assert scene.refresh().status == Status.CLOSED
    assert live(scene.case) == set()


# ---- and until then nothing is silent


def test_what_keeps_it_open_is_said_again_and_again(by, deferred):
    near = StaffFactory(role=Role.COORDINATOR, organisation=deferred.clinic)
    office = StaffFactory(role=Role.MEDICAL_OFFICE, organisation=deferred.clinic)
    give_receipt(by, deferred)
    pass_time(days=1, hours=1)
    pass_time(days=1, hours=2)
    assert told(deferred.asker)[-1] == told(near)[-1] == "case.still_open"
    assert "case.still_open" not in told(office)
    pass_time(days=2, hours=2)
    assert told(office)[-1] == "case.still_open"
    for day in range(3, 20):
        pass_time(days=day, hours=3)
    assert told(deferred.asker).count("case.still_open") > 3
    assert deferred.refresh().status == Status.RECEIPTED
    assert "case.blocked" in live(deferred.case)


def test_once_nothing_stands_against_it_any_more_its_clock_closes_it(by, deferred):
    give_receipt(by, deferred)
    pass_time(days=1, hours=2)
    Case.objects.update(closing_note="家属已离开，无法补签")
    for day in range(2, 6):
        pass_time(days=day, hours=3)
    assert deferred.refresh().status == Status.CLOSED


def test_an_emergency_that_nobody_takes_is_heard_of_every_working_day():
    scene = made(sent_case, kind=Kind.EMERGENCY)
    for day in range(8):
        pass_time(days=day, hours=9)
    assert told(scene.asker).count("case.refer") > 3
    assert scene.refresh().status == Status.ROUTED


def test_an_opinion_that_nobody_writes_is_asked_for_every_working_day():
    scene = made(accepted_case)
    for day in range(15):
        pass_time(days=day, hours=9, minutes=59)
    assert told(scene.specialist).count("case.late") > 3
    assert "case.done" in live(scene.case)


def test_a_question_that_nobody_answers_is_not_forgotten(by):
    scene = made(sent_case)
    with time_machine.travel(START, tick=False), by(scene.specialist):
        services.ask_question(
            actor=scene.specialist, case_id=scene.case.pk, text="血糖是空腹测的吗？"
        )
    for day in range(15):
        pass_time(days=day, hours=9, minutes=59)
    assert told(scene.asker).count("clock.overdue") > 3


def test_a_case_given_back_after_its_last_rung_is_asked_anew_from_the_first(by):
    scene = made(sent_case, kind=Kind.EMERGENCY, specialists=2)
    pass_time(minutes=31)
    with time_machine.travel(START + timedelta(minutes=40), tick=False):
        with by(scene.specialist):
            services.accept_case(actor=scene.specialist, case_id=scene.case.pk)
        with by(scene.specialist):
            services.return_case(
                actor=scene.specialist, case_id=scene.case.pk, reason="急诊手术，无法会诊"
            )
    due = Clock.objects.filter(about=scene.case.pk, kind="case.accept", state="running")
    assert {1, 2, 3, 4} <= set(due.values_list("rung", flat=True))


# ---- a draft that nobody sends


def test_a_forgotten_draft_says_so_in_the_readers_language(client):
    scene = made(drafted_case)
    pass_time(days=31)
    assert scene.refresh().status == Status.CANCELLED
    client.force_login(scene.asker)
    client.cookies["language"] = "en"
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert "it has expired" in page
    assert "draft expired" not in page
