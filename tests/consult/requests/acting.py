"""Every act on a case, by name: the matrix and the random walk do the same things."""

from datetime import timedelta

from django.utils import timezone

from consult.opinions import services as opinions
from consult.requests import services
from tests.factories.consult import PIN, TEXTS

REASON = "病情有变化，需要调整"


def half_hour_ahead(hours=3):
    moment = timezone.localtime() + timedelta(hours=hours)
    return moment.replace(minute=0, second=0, microsecond=0)


def open_question(scene):
    question = scene.case.questions.filter(status="open").order_by("created_at").first()
    return question.pk if question else scene.case.pk


def proposed(scene):
    meeting = scene.case.meetings.filter(status="proposed").first()
    return meeting.pk if meeting else scene.case.pk


def sign(scene, actor):
    """What is written and signed in one go."""
    opinions.save_draft(actor=actor, case_id=scene.case.pk, **TEXTS)
    opinions.sign_opinion(actor=actor, case_id=scene.case.pk, pin=PIN)


def on(service, **given):
    """An act that is one call; what is callable among its arguments is asked of the scene."""

    def act(scene, actor):
        facts = {n: v(scene) if callable(v) else v for n, v in given.items()}
        return service(actor=actor, case_id=scene.case.pk, **facts)

    return act


ACTS = {
    "submit": on(services.submit_case),
    "save": on(services.save_draft, aim="明确诊断和下一步检查"),
    "unsend": on(services.undo_submit),
    "complete": on(services.complete_case, aim="补填"),
    "accept": on(services.accept_case),
    "decline": on(services.decline_case, code="time"),
    "assign": on(services.assign_case, doctor_id=lambda s: s.specialist.pk),
    "route": on(services.route_by_hand),
    "promise": on(services.note_promise, doctor_id=lambda s: s.specialist.pk),
    "substitute": on(services.ask_substitute, doctor_id=lambda s: s.specialist.pk),
    "ask": on(services.ask_question, text="请补充既往病史"),
    "answer": on(services.answer_question, question_id=open_question, text="无特殊"),
    "unask": on(services.withdraw_question, question_id=open_question),
    "hand_over": on(
        services.hand_over, doctor_id=lambda s: s.colleague.pk, note="夜班交接：等复查 CT"
    ),
    "return": on(services.return_case, reason=REASON),
    "propose": on(services.propose_time, starts_at=lambda s: half_hour_ahead()),
    "agree": on(services.agree_time, meeting_id=proposed),
    "mode": on(services.switch_mode, mode="offline"),
    "mode_back": on(services.switch_mode, mode="live"),
    "upgrade": on(services.regrade_case, grade="emergency", reason=REASON),
    "downgrade": on(services.regrade_case, grade="routine", reason=REASON),
    "sign": sign,
    "receipt": on(services.give_receipt, version=1, decision="adopted"),
    "close": on(services.close_by_hand),
    "cancel": on(services.cancel_case, reason="不需要会诊了"),
    "uncancel": on(services.undo_cancel),
    "outcome": on(services.record_outcome, day=3, result="better"),
}
