from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from consult.requests import queries, services
from consult.requests.models import Kind, Offer, Question, Status
from records.imaging.models import Study
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock
from tests.consult.requests.looking import actions, clock_states, published, told
from tests.factories.consult import accepted_case, drafted_case, sent_case, sign, signed_case, write

pytestmark = pytest.mark.django_db


def ask(scene, by, actor=None, **wanted):
    actor = actor or scene.specialist
    with by(actor):
        return services.ask_question(
            actor=actor, case_id=scene.case.pk, **(wanted or {"fields": ["summary"]})
        )


def answer(scene, by, question, **given):
    with by(scene.asker):
        return services.answer_question(
            actor=scene.asker, case_id=scene.case.pk, question_id=question.pk, **given
        )


def turn_of(scene):
    return queries.due_of(scene.refresh()).waiting_on


def test_a_question_opens_its_field_waits_for_the_asking_side_and_stops_the_clock(by):
    with time_machine.travel("2026-11-24 08:00+08:00", tick=False):
        scene = sent_case()
        assert turn_of(scene) == queries.Turn.SPECIALIST
    with time_machine.travel("2026-11-24 09:00+08:00", tick=False):
        question = ask(scene, by)
        assert clock_states(scene.case, "case.accept") == {"paused"}
        assert turn_of(scene) == queries.Turn.REQUESTER
        assert told(scene.asker)[-1] == "case.asked"
        assert scene.refresh().status == Status.ROUTED
    with time_machine.travel("2026-11-24 15:00+08:00", tick=False):
        answer(scene, by, question, values={"summary": "男，68 岁。血糖 9.8 mmol/L。"})
        due = Clock.objects.get(about=scene.case.pk, kind="case.accept", rung=1).due_at

    assert scene.refresh().summary.endswith("mmol/L。")
    question.refresh_from_db()
    assert (question.status, question.answered_by) == ("answered", scene.asker)
    assert question.before["summary"].startswith("男，68 岁。胸痛")
    assert timezone.localtime(due).strftime("%d %H:%M") == "24 18:00"  # three hours were left
    assert told(scene.specialist)[-1] == "case.answered"
    assert actions(scene.case)[-2:] == ["case.ask", "case.answer"]
    assert turn_of(scene) == queries.Turn.SPECIALIST


def test_in_an_emergency_a_question_stops_no_clock_and_is_due_in_five_minutes(by):
    scene = sent_case(kind=Kind.EMERGENCY)
    question = ask(scene, by)
    assert clock_states(scene.case, "case.accept") == {"running"}
    clock = Clock.objects.get(about=question.pk, kind="case.question", rung=1)
    assert clock.due_at - clock.created_at < timedelta(minutes=5, seconds=5)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=10), tick=False):
        fire_due()
    assert "clock.overdue" in told(scene.asker)


def test_while_the_opinion_is_written_a_question_stops_its_clock_too(by):
    scene = accepted_case()
    question = ask(scene, by, text="血糖是空腹测的吗？")
    assert clock_states(scene.case, "case.done") == {"paused"}
    answer(scene, by, question, text="空腹")
    assert clock_states(scene.case, "case.done") == {"running"}


def test_three_questions_are_open_at_most(by):
    scene = sent_case()
    first = ask(scene, by)
    for _ in range(2):
        ask(scene, by, text="还有别的病吗？")
    with pytest.raises(Conflict) as refused:
        ask(scene, by, text="还有别的病吗？")
    assert "3" in refused.value.message
    answer(scene, by, first, values={"summary": "补充了病史"})
    assert clock_states(scene.case, "case.accept") == {"paused"}  # two are open still
    ask(scene, by, text="还有别的病吗？")
    assert scene.case.questions.filter(status="open").count() == 3


def test_only_what_was_asked_for_can_be_changed(by):
    scene = sent_case()
    question = ask(scene, by)
    with pytest.raises(Invalid) as refused:
        answer(scene, by, question, values={"summary": "新的", "reason": "换一个"})
    assert refused.value.path == "reason"
    with pytest.raises(Invalid) as refused:
        answer(scene, by, question, values={"summary": scene.case.summary})
    assert refused.value.path == "summary"
    assert scene.refresh().reason == "胸痛 2 小时"
    assert scene.case.questions.get().status == Question.Status.OPEN


def test_what_can_not_be_had_needs_a_reason(by):
    scene = sent_case()
    question = ask(scene, by)
    with pytest.raises(Invalid):
        answer(scene, by, question, not_available=True, text="无")
    answer(scene, by, question, not_available=True, text="本院没有这项检查")
    question.refresh_from_db()
    assert (question.status, question.not_available) == ("answered", True)


def test_images_can_be_asked_for(by):
    scene = sent_case()
    study = Study.objects.create(
        patient=scene.patient, organisation=scene.clinic, study_uid="1.2.3"
    )
    question = ask(scene, by, fields=["studies"])
    with pytest.raises(Invalid):
        answer(scene, by, question, values={"studies": []})
    answer(scene, by, question, values={"studies": [study.pk]})
    assert list(scene.case.studies.all()) == [study]


def test_answering_again_changes_nothing(by):
    scene = sent_case()
    question = ask(scene, by)
    answer(scene, by, question, values={"summary": "补充了病史"})
    answer(scene, by, question, values={"summary": "补充了病史"})
    assert actions(scene.case).count("case.answer") == 1


def test_who_asked_takes_it_back_and_the_clock_runs_on(by):
    scene = sent_case(specialists=2)
    other = scene.case.offers.exclude(doctor=scene.specialist).get().doctor
    question = ask(scene, by)
    with pytest.raises(Forbidden), by(other):
        services.withdraw_question(actor=other, case_id=scene.case.pk, question_id=question.pk)
    with by(scene.specialist):
        services.withdraw_question(
            actor=scene.specialist, case_id=scene.case.pk, question_id=question.pk
        )
    assert clock_states(scene.case, "case.accept") == {"running"}
    with pytest.raises(Conflict):
        answer(scene, by, question, values={"summary": "补充了病史"})


def test_nobody_outside_the_case_asks_or_answers(by):
    scene, stranger = sent_case(), sent_case()
    question = ask(scene, by)
    with pytest.raises(NotFound):
        ask(scene, by, actor=stranger.specialist)
    with pytest.raises(NotFound), by(stranger.asker):
        services.answer_question(
            actor=stranger.asker, case_id=scene.case.pk, question_id=question.pk, text="x"
        )
    with pytest.raises(NotFound):
        answer(stranger, by, question, text="别人的")
    with pytest.raises(Forbidden):
        ask(scene, by, actor=scene.asker)


def test_nothing_is_asked_about_a_draft_or_after_the_opinion(by):
    with pytest.raises(NotFound):
        ask(drafted_case(), by)
    scene = signed_case()
    with pytest.raises(Conflict):
        ask(scene, by)


@pytest.mark.parametrize(
    "wanted",
    [{"fields": ["status"]}, {"text": "短"}, {"text": "x" * 501}, {"text": "空\x00字符啊"}],
)
def test_a_question_that_asks_nothing_is_refused(by, wanted):
    scene = sent_case()
    with pytest.raises(Invalid):
        ask(scene, by, **wanted)
    assert not Question.objects.exists()


def test_declining_because_nobody_answered_needs_forty_working_hours(by):
    with time_machine.travel("2026-11-23 08:00+08:00", tick=False):
        scene = sent_case()
        question = ask(scene, by)

    def decline():
        with by(scene.specialist):
            services.decline_case(
                actor=scene.specialist, case_id=scene.case.pk, code=Offer.Decline.NO_ANSWER
            )

    with time_machine.travel("2026-11-27 17:00+08:00", tick=False), pytest.raises(Conflict):
        decline()
    with time_machine.travel("2026-11-27 18:00+08:00", tick=False):
        decline()
    question.refresh_from_db()
    assert question.status == Question.Status.LAPSED
    assert scene.refresh().status == Status.SUBMITTED


def test_signing_ends_what_is_open(by):
    scene = accepted_case()
    ask(scene, by, text="血糖是空腹测的吗？")
    write(scene)
    sign(scene)
    assert scene.case.questions.get().status == Question.Status.WITHDRAWN
    assert clock_states(scene.case, "case.done") == set()


def test_the_world_sees_a_case_on_hold_while_a_question_is_open(by):
    scene = sent_case()
    question = ask(scene, by)

    assert published(scene.case.pk)["status"] == "on-hold"
    assert published(question.pk)["status"] == "requested"
    answer(scene, by, question, values={"summary": "补充了病史"})
    assert published(scene.case.pk)["status"] == "active"
    assert published(question.pk)["status"] == "completed"


def test_the_task_of_an_offer_waits_with_the_question_and_goes_on_with_its_answer(by):
    scene = accepted_case()
    offer = scene.case.offers.get()
    assert published(offer.pk)["status"] == "accepted"
    question = ask(scene, by, text="血糖是空腹测的吗？")
    assert published(offer.pk)["status"] == "on-hold"
    answer(scene, by, question, text="是空腹的")
    assert published(offer.pk)["status"] == "accepted"
    question = ask(scene, by, text="血糖是空腹测的吗？")
    with by(scene.specialist):
        services.withdraw_question(
            actor=scene.specialist, case_id=scene.case.pk, question_id=question.pk
        )
    assert published(offer.pk)["status"] == "accepted"


def test_the_tasks_of_who_else_was_asked_go_on_when_who_asked_is_out(by):
    scene = sent_case(specialists=2)
    ask(scene, by)
    other = scene.case.offers.exclude(doctor=scene.specialist).get()
    assert published(other.pk)["status"] == "on-hold"
    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")
    assert published(other.pk)["status"] == "requested"


def test_the_task_of_who_holds_it_is_in_progress_once_the_consult_has_begun(by):
    scene = accepted_case()
    offer = scene.case.offers.get()
    with by(scene.specialist):
        services.begin_case(case_id=scene.case.pk)
    assert published(offer.pk)["status"] == "in-progress"


def test_a_withdrawal_that_is_taken_back_leaves_the_tasks_on_hold_as_they_were(by):
    scene = accepted_case()
    ask(scene, by, text="血糖是空腹测的吗？")
    with by(scene.asker):
        services.cancel_case(actor=scene.asker, case_id=scene.case.pk, reason="病人已转院")
    with by(scene.asker):
        services.undo_cancel(actor=scene.asker, case_id=scene.case.pk)
    assert published(scene.case.offers.get().pk)["status"] == "on-hold"
