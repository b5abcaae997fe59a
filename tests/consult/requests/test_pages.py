"""The pages of cases: each state for each role, each door once, and the number of queries."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from consult.requests.models import Kind, Status
from telemed.core.clocks import fire_due
from telemed.core.models import Clock
from telemed.people.models import Role
from tests.consult.requests.looking import actions
from tests.consult.requests.test_handing import NOTE, colleague_of
from tests.factories.consult import (
    accepted_case,
    closed_case,
    drafted_case,
    sent_case,
    signed_case,
)
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    def look(actor, scene, name="case"):
        client.force_login(actor)
        address = reverse(f"requests:{name}", args=[scene.case.pk])
        answer = client.get(address, follow=True)
        return answer.status_code, answer.content.decode()

    return look


@pytest.fixture
def send(client):
    def post(actor, scene, door, *more, **fields):
        client.force_login(actor)
        address = reverse(f"requests:{door}", args=[scene.case.pk, *more])
        return client.post(address, fields)

    return post


def staff_of(scene):
    return {
        role: StaffFactory(role=role, organisation=scene.hospital)
        for role in (Role.DIRECTOR, Role.MEDICAL_OFFICE)
    }


@pytest.mark.parametrize("maker", [sent_case, accepted_case, signed_case, closed_case])
@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.EMERGENCY])
def test_everybody_around_a_case_opens_its_page_in_every_state(page, maker, kind):
    scene = maker(kind=kind)
    staff = staff_of(scene)
    for actor in (scene.asker, scene.specialist, scene.coordinator, *staff.values()):
        status, text = page(actor, scene)
        assert status == 200
        assert scene.case.number in text
        clinical = actor in (scene.asker, scene.specialist)
        assert (scene.case.summary in text) == clinical
        assert (scene.patient.name in text) == clinical


def test_a_stranger_finds_nothing(page):
    scene, other = sent_case(), sent_case()
    assert page(other.asker, scene)[0] == 404


def test_asking_and_answering_in_place(page, send):
    scene = sent_case()
    sent = send(scene.specialist, scene, "ask", fields_asked=["summary"], text="补充血糖")
    assert sent.status_code == 302
    status, text = page(scene.asker, scene)
    assert status == 200
    assert "补充血糖" in text
    question = scene.case.questions.get()
    done = send(scene.asker, scene, "answer", question.pk, summary="血糖 9.8 mmol/L")
    assert done.status_code == 302
    assert scene.refresh().summary == "血糖 9.8 mmol/L"
    send(scene.specialist, scene, "ask", text="是空腹测的吗？")
    send(scene.specialist, scene, "unask", scene.case.questions.get(status="open").pk)
    assert actions(scene.case)[-2:] == ["case.ask", "case.unask"]


def test_a_coordinator_reads_their_own_question_and_never_the_answer(page, send):
    scene = sent_case()
    send(scene.coordinator, scene, "ask", text="请补充家属电话")
    question = scene.case.questions.get()
    send(scene.asker, scene, "answer", question.pk, text="病人自述已停药")
    _status, text = page(scene.coordinator, scene)
    assert "请补充家属电话" in text
    assert "病人自述已停药" not in text


def test_a_refused_form_comes_back_with_its_reason(client, send):
    scene = sent_case()
    refused = send(scene.specialist, scene, "ask", text="短")
    assert refused.status_code in (302, 303, 422)
    shown = client.get(refused["Location"]) if refused.status_code != 422 else refused
    assert "5" in shown.content.decode()
    assert not scene.case.questions.exists()


def test_handing_over_giving_back_and_promising(page, send):
    scene = accepted_case()
    colleague = colleague_of(scene)
    assert colleague.name in page(scene.specialist, scene)[1]
    send(scene.specialist, scene, "hand_over", doctor=colleague.pk, note=NOTE)
    assert NOTE in page(colleague, scene)[1]
    send(colleague, scene, "accept")
    assert scene.refresh().holder == colleague
    send(colleague, scene, "return", reason="突发急诊手术")
    assert scene.refresh().status == Status.SUBMITTED
    send(scene.coordinator, scene, "assign", doctor=scene.specialist.pk)
    send(scene.coordinator, scene, "promise", doctor=scene.specialist.pk)
    assert "offer.promise" in actions(scene.case)


def test_finding_a_time_and_changing_how_to_meet(page, send):
    scene = accepted_case()
    day = timezone.localdate() + timedelta(days=2)
    send(scene.asker, scene, "propose", starts_at=f"{day}T10:30", half_hours="2")
    meeting = scene.case.meetings.get()
    assert timezone.localtime(meeting.starts_at).strftime("%H:%M") == "10:30"
    assert "10:30" in page(scene.specialist, scene)[1]
    send(scene.specialist, scene, "agree", meeting.pk)
    assert scene.refresh().status == Status.SCHEDULED
    send(scene.specialist, scene, "mode", mode="offline")
    assert scene.refresh().mode == "offline"
    assert page(scene.specialist, scene)[0] == 200


def test_grading_withdrawing_and_taking_back(page, send):
    scene = sent_case()
    send(scene.asker, scene, "unsend")
    assert scene.refresh().status == Status.DRAFT
    send(scene.asker, scene, "send", reason="胸痛 2 小时", asked=scene.hospital.pk)
    send(scene.asker, scene, "regrade", grade="emergency", reason="意识变差了")
    assert scene.refresh().kind == Kind.EMERGENCY
    send(scene.asker, scene, "cancel", reason="病人已转院")
    assert scene.refresh().status == Status.CANCELLED
    assert reverse("requests:uncancel", args=[scene.case.pk]) in page(scene.asker, scene)[1]
    send(scene.asker, scene, "uncancel")
    assert scene.refresh().status == Status.ROUTED


def test_the_outcome_is_one_click(page, send):
    scene = closed_case()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert 'value="better"' in page(scene.asker, scene)[1]
        send(scene.asker, scene, "outcome", day="3", result="better")
    assert scene.case.outcomes.get().result == "better"
    assert page(scene.specialist, scene)[0] == 200


def test_what_an_emergency_went_without_is_completed_and_closed(page, send, by):
    scene = signed_case(kind=Kind.EMERGENCY, aim="")
    send(scene.asker, scene, "receipt", version="1", decision="adopted")
    assert scene.refresh().status == Status.RECEIPTED
    assert page(scene.asker, scene)[0] == 200
    send(scene.asker, scene, "complete", aim="明确诊断")
    send(scene.asker, scene, "close")
    assert scene.refresh().status == Status.CLOSED


def test_a_receipt_may_say_why_something_stays_missing(send):
    scene = signed_case(kind=Kind.EMERGENCY, aim="")
    send(scene.asker, scene, "receipt", version="1", decision="adopted", note="抢救中未填写")
    assert scene.refresh().status == Status.CLOSED
    assert scene.case.closing_note == "抢救中未填写"


def test_a_named_doctor_is_chosen_on_the_form_and_replaced_on_the_page(page, send):
    scene = drafted_case(specialists=2)
    other = colleague_of(scene)
    assert scene.specialist.name in page(scene.asker, scene, "edit")[1]
    send(scene.asker, scene, "send", wanted_doctor=scene.specialist.pk)
    assert scene.refresh().kind == Kind.NAMED
    send(scene.specialist, scene, "decline", code="time")
    assert other.name in page(scene.asker, scene)[1]
    send(scene.asker, scene, "substitute", doctor=other.pk)
    assert scene.case.offers.filter(doctor=other).exists()


def test_the_time_line_says_which_rung_and_who_was_told(page):
    scene = sent_case()
    last = Clock.objects.filter(about=scene.case.pk, kind="case.accept").latest("due_at")
    with time_machine.travel(last.due_at, tick=False):
        fire_due()
    _status, text = page(scene.coordinator, scene)
    assert scene.coordinator.name in text
    step = scene.case.steps.filter(action="case.escalate").first()
    assert step.facts["told"][0] in text


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.MEDICAL_OFFICE, Role.COORDINATOR])
def test_who_stands_behind_has_a_board_without_names(client, role):
    scene = sent_case()
    actor = StaffFactory(role=role, organisation=scene.hospital)
    client.force_login(actor)
    text = client.get("/").content.decode()
    assert scene.case.number in text
    assert scene.patient.name not in text


def test_lists_filter_by_state_turn_kind_and_number(client):
    scene = sent_case()
    emergency = sent_case(kind=Kind.EMERGENCY)
    type(scene.case).objects.filter(pk=emergency.case.pk).update(asked=scene.hospital)
    client.force_login(scene.coordinator)

    def shown(**filters):
        text = client.get(reverse("requests:list"), filters).content.decode()
        return [s for s in (scene, emergency) if s.case.number in text]

    assert shown() == [scene, emergency]
    assert shown(kind="emergency") == [emergency]
    assert shown(turn="requester") == []
    assert shown(turn="specialist", status="routed") == [scene, emergency]
    assert shown(status="nonsense", turn="x", kind="y", before="z") == [scene, emergency]
    assert len(shown(q=scene.case.number)) == 1


def test_the_coordinator_assigns_several_at_once_all_or_none(client):
    scene = sent_case()
    other = sent_case()
    type(scene.case).objects.filter(pk=other.case.pk).update(asked=scene.hospital)
    colleague = colleague_of(scene)
    client.force_login(scene.coordinator)
    address = reverse("requests:assign_many")
    chosen = [scene.case.pk, other.case.pk]
    client.post(address, {"cases": chosen, "doctor": colleague.pk})
    assert scene.case.offers.filter(doctor=colleague).exists()
    assert other.case.offers.filter(doctor=colleague).exists()

    stranger = sent_case()
    late = colleague_of(scene)
    client.post(address, {"cases": [scene.case.pk, stranger.case.pk], "doctor": late.pk})
    assert not scene.case.offers.filter(doctor=late).exists()
    client.post(address, {"doctor": late.pk})
    client.post(address, {"cases": ["x"], "doctor": late.pk})


@pytest.mark.parametrize("who", ["asker", "specialist", "coordinator"])
@pytest.mark.parametrize("address", ["/", "/cases/"])
def test_lists_ask_the_database_few_times(client, django_assert_max_num_queries, who, address):
    scene = sent_case()
    for _ in range(3):
        more = sent_case()
        type(more.case).objects.filter(pk=more.case.pk).update(
            asked=scene.hospital, asking=scene.clinic
        )
        more.case.offers.update(doctor=scene.specialist, organisation=scene.hospital)
    client.force_login(getattr(scene, who))
    client.get(address)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


def test_declining_for_want_of_an_answer_is_offered_once_it_may_be_done(client, page, send):
    client.cookies["language"] = "en"
    offered = 'name="code" value="no_answer"'
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case()
        send(scene.specialist, scene, "ask", text="请补充心电图")
        assert offered not in page(scene.specialist, scene)[1]
    with time_machine.travel("2026-12-01 08:00:01+08:00", tick=False):  # five working days on
        shown = page(scene.specialist, scene)[1]
    assert offered in shown
    assert "After 5 working days you may decline for this reason." in shown
