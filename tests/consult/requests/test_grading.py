"""How urgent a request is: who says so, what it changes, and where it shows."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation

from consult.requests import presenting, queries, services
from consult.requests.models import Case, Grade, Kind
from consult.requests.rungs import END
from consult.requests.words import step_words
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.models import Clock
from tests.consult.requests.looking import actions, clock_states, published, told
from tests.factories.consult import (
    accepted_case,
    drafted_case,
    joint_sent,
    sent_case,
    signed_case,
)

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))


def regrade(scene, by, grade, actor=None, reason="意识变差了"):
    actor = actor or scene.asker
    with by(actor):
        return services.regrade_case(actor=actor, case_id=scene.case.pk, grade=grade, reason=reason)


def test_an_upgrade_starts_the_emergency_ladder_now(by):
    with time_machine.travel(START, tick=False):
        scene = sent_case()
    with time_machine.travel("2026-11-24 09:00+08:00", tick=False):
        regrade(scene, by, Grade.EMERGENCY)
        due = Clock.objects.get(
            about=scene.case.pk, kind="case.accept", rung=1, state="running"
        ).due_at
        assert due - timezone.now() == timedelta(minutes=5)
    assert told(scene.specialist)[-1] == "case.emergency"
    assert clock_states(scene.case, "case.in_room") == {"running"}
    assert published(scene.case.pk)["priority"] == "stat"


def test_an_upgrade_runs_although_a_question_is_open(by):
    scene = sent_case()
    with by(scene.specialist):
        services.ask_question(
            actor=scene.specialist, case_id=scene.case.pk, text="血糖是空腹测的吗？"
        )
    regrade(scene, by, Grade.EMERGENCY)
    assert clock_states(scene.case, "case.accept") == {"running"}


def test_after_a_downgrade_what_has_passed_counts(by):
    with time_machine.travel(START, tick=False):
        scene = sent_case(kind=Kind.EMERGENCY)
    with time_machine.travel("2026-11-24 11:00+08:00", tick=False):
        regrade(scene, by, Grade.ROUTINE, actor=scene.coordinator)
        clocks = Clock.objects.filter(about=scene.case.pk, kind="case.accept", state="running")
        dues = {c.rung: timezone.localtime(c.due_at).strftime("%H:%M") for c in clocks}
    assert dues[1] == "12:00"
    assert dues[0] == "11:00"  # the reminder lies behind: at once
    assert clock_states(scene.case, "case.in_room") == set()


def test_a_downgrade_long_after_climbs_only_the_last_rung_at_once(by):
    with time_machine.travel(START, tick=False):
        scene = sent_case(kind=Kind.EMERGENCY)
    with time_machine.travel("2026-11-24 15:30+08:00", tick=False):
        regrade(scene, by, Grade.ROUTINE)
        running = Clock.objects.filter(about=scene.case.pk, kind="case.accept", state="running")
        assert sorted(running.values_list("rung", flat=True)) == [2, 3, 4, 5, 6, END]
        fire_due()


def test_the_holder_regrades_and_the_opinion_is_due_sooner(by):
    with time_machine.travel(START, tick=False):
        scene = accepted_case()
        regrade(scene, by, Grade.EMERGENCY, actor=scene.specialist)
        due = Clock.objects.get(
            about=scene.case.pk, kind="case.done", rung=1, state="running"
        ).due_at
        assert due - timezone.now() == timedelta(hours=2)


def test_what_an_ordinary_consult_needs_is_there_before_a_downgrade(by):
    scene = drafted_case(kind=Kind.EMERGENCY, aim="")
    with by(scene.asker):
        services.submit_case(actor=scene.asker, case_id=scene.case.pk)
    with pytest.raises(Invalid) as refused:
        regrade(scene, by, Grade.ROUTINE)
    assert refused.value.path == "aim"
    with by(scene.asker):
        services.complete_case(actor=scene.asker, case_id=scene.case.pk, aim="明确诊断")
    regrade(scene, by, Grade.ROUTINE)
    with pytest.raises(Conflict), by(scene.asker):
        services.complete_case(actor=scene.asker, case_id=scene.case.pk, aim="别的")


def test_grading_needs_a_reason_a_change_and_a_part_in_the_case(by):
    scene = sent_case()
    with pytest.raises(Invalid):
        regrade(scene, by, Grade.EMERGENCY, reason="急")
    with pytest.raises(Conflict):
        regrade(scene, by, Grade.ROUTINE)
    with pytest.raises(Invalid):
        regrade(scene, by, "mdt")
    with pytest.raises(Forbidden):
        regrade(scene, by, Grade.EMERGENCY, actor=scene.specialist)
    with pytest.raises(Conflict):
        regrade(signed_case(), by, Grade.EMERGENCY)
    assert "case.regrade" not in actions(scene.case)


# Priority


def test_a_request_is_routine_unless_it_is_raised(by):
    assert sent_case().case.grade == Grade.ROUTINE
    scene = sent_case(grade="priority")
    assert scene.case.grade == Grade.PRIORITY
    assert published(scene.case.pk)["priority"] == "urgent"
    with translation.override("en"):
        said = [step_words(step) for step in scene.case.steps.filter(action="case.submit")]
    assert said == ["Sent; grade: Priority"]


def test_priority_comes_after_an_emergency_and_before_what_is_routine(by):
    routine = sent_case()
    around = {"around": routine}
    raised = sent_case(grade="priority", **around)
    emergency = sent_case(kind=Kind.EMERGENCY, **around)
    Clock.objects.filter(about=routine.case.pk).delete()  # its time is over: it waits longest
    order = [case.pk for case in queries.needs_me(routine.specialist)]
    assert order == [emergency.case.pk, raised.case.pk, routine.case.pk]


def test_the_list_is_narrowed_to_a_grade(client):
    routine = sent_case()
    raised = sent_case(grade="priority", around=routine)
    emergency = sent_case(kind=Kind.EMERGENCY, around=routine)
    client.force_login(routine.asker)
    client.cookies["language"] = "en"
    for grade, scene in (("routine", routine), ("priority", raised), ("emergency", emergency)):
        page = client.get(reverse("requests:list"), {"grade": grade})
        assert [row.case.pk for row in page.context["rows"]] == [scene.case.pk]
    assert len(client.get(reverse("requests:list"), {"grade": "x"}).context["rows"]) == 3


def test_raising_and_lowering_leave_every_clock_where_it_is(by):
    scene = sent_case()
    mine = Clock.objects.filter(about=scene.case.pk).order_by("pk")
    before = list(mine.values_list("pk", "due_at", "state"))
    regrade(scene, by, Grade.PRIORITY)
    assert told(scene.specialist)[-1] == "case.regraded"
    assert published(scene.case.pk)["priority"] == "urgent"
    regrade(scene, by, Grade.ROUTINE, actor=scene.coordinator, reason="患者已好转")
    assert list(mine.values_list("pk", "due_at", "state")) == before
    assert scene.refresh().grade == Grade.ROUTINE
    with translation.override("en"):
        said = [
            step_words(step)
            for step in scene.case.steps.filter(action="case.regrade").order_by("pk")
        ]
    assert said == [
        "Regraded from Routine to Priority: 意识变差了",
        "Regraded from Priority to Routine: 患者已好转",
    ]


def test_an_emergency_is_lowered_to_priority_and_raised_again(by):
    scene = sent_case(kind=Kind.EMERGENCY)
    regrade(scene, by, Grade.PRIORITY)
    assert (scene.refresh().kind, scene.case.priority) == (Kind.SINGLE, True)
    assert clock_states(scene.case, "case.in_room") == set()
    regrade(scene, by, Grade.EMERGENCY)
    assert (scene.refresh().kind, scene.case.priority) == (Kind.EMERGENCY, False)


def test_a_joint_consult_is_raised_but_is_no_emergency(by):
    scene = joint_sent()
    regrade(scene, by, Grade.PRIORITY)
    assert (scene.refresh().grade, scene.case.kind) == (Grade.PRIORITY, Kind.MDT)
    with pytest.raises(Conflict) as refused:
        regrade(scene, by, Grade.EMERGENCY)
    assert refused.value.path == "grade"
    offered = presenting.page(scene.asker, scene.refresh())["grades_to_choose"]
    assert [value for value, _label in offered] == ["routine"]


@pytest.mark.parametrize("grade", ["emergency", "stat", ""])
def test_a_request_is_written_as_priority_or_routine(by, grade):
    scene = drafted_case()
    with pytest.raises(Invalid) as refused, by(scene.asker):
        services.save_draft(actor=scene.asker, case_id=scene.case.pk, grade=grade)
    assert refused.value.path == "grade"


def test_the_form_raises_it_with_one_tap_and_keeps_it_at_the_next_save(client, by):
    scene = drafted_case()
    client.force_login(scene.asker)
    client.cookies["language"] = "en"
    save = reverse("requests:save", args=[scene.case.pk])
    page = client.get(reverse("requests:edit", args=[scene.case.pk])).content.decode()
    assert 'name="grade" value="routine" id="grade" checked' in page
    client.post(save, {"grade": "priority"}, headers={"Accept": "application/json"})
    client.post(save, {"aim": "明确诊断"}, headers={"Accept": "application/json"})
    assert scene.refresh().grade == Grade.PRIORITY
    page = client.get(reverse("requests:edit", args=[scene.case.pk])).content.decode()
    assert 'name="grade" value="priority" checked' in page


def test_the_square_says_it_on_the_case(client):
    scene = sent_case(grade="priority")
    client.force_login(scene.specialist)
    client.cookies["language"] = "en"
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert '<span class="g g--u" title="Priority">' in page


def test_the_constraint_stands_behind_it():
    scene = sent_case(kind=Kind.EMERGENCY)
    with pytest.raises(IntegrityError, match="an_emergency_has_one_grade"):
        Case.objects.filter(pk=scene.case.pk).update(priority=True)
