"""Asking the asking side for more (补充): the case stays where it is, only its clocks wait."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.events import CaseAnswered, CaseAsked
from consult.requests.models import Case, Question
from consult.requests.policies import REASON
from consult.requests.queries import find_offer, find_open_question, get_case
from consult.requests.services.drafting import attach_studies, check_value
from consult.requests.services.finishing import close_if_due
from consult.requests.services.ladders import settle_pauses, start_ladder
from consult.requests.services.offers import publish_offers
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import outbox, publication
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User


def ask_question(
    *, actor: User, case_id: UUID, fields: Iterable[str] = (), text: str = ""
) -> Question:
    """
    Ask for fields of the request, or in words; at most three at a time.

    Raises Conflict when three are open, and before and after the time in which one may ask.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    offered = find_offer(actor, case) is not None
    entitled = permissions.may_ask(actor, case, offered=offered)
    involved = permissions.coordinates(actor, case) or permissions.is_holder(actor, case)
    require(entitled or offered or involved, _("Your role here may not ask about this consult."))
    wanted = [name for name in Question.ASKABLE if name in set(fields)]
    text = text.strip()
    if set(fields) - set(Question.ASKABLE):
        raise Invalid(_("There is no such field."), path="fields")
    if len(text) > 500 or "\x00" in text:
        raise Invalid(_("This can't be kept as text."), path="text")
    if not wanted and len(text) < REASON:
        message = _("Choose a field, or ask in at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="text")
    if not entitled:
        raise Conflict(_("Nothing can be asked about this consult any more."), path="status")
    taken = set(case.questions.filter(status=Question.Status.OPEN).values_list("slot", flat=True))
    free = [slot for slot in Question.SLOTS if slot not in taken]
    full = Conflict(_("{n} questions are already open.").format(n=len(taken)), path="questions")
    if not free:
        raise full
    with refusing(three_open_questions=full):
        question = Question.objects.create(
            case=case, slot=free[0], asked_by=actor, fields=wanted, text=text
        )
    start_ladder(case=case, clock="case.question", about=question.pk)
    settle_pauses(case=case)
    take_step(case=case, action="case.ask", fields=wanted, n=len(wanted) or 1)
    publication.publish(question)
    publish_offers(case)
    outbox.announce(CaseAsked(case_id=case.pk, question_id=question.pk))
    tell(
        case=case,
        recipient=case.requester,
        template="case.asked",
        who=actor.name,
        n=len(wanted) or 1,
    )
    return question


def answer_question(
    *,
    actor: User,
    case_id: UUID,
    question_id: UUID,
    values: Mapping[str, Any] | None = None,
    text: str = "",
    not_available: bool = False,
) -> Question:
    """
    Change the fields that were asked for, or say why it can't be had.

    Only those fields are open. The same answer again answers the present state.
    """
    require_intention()
    case = get_case(actor, case_id, lock=True)
    require(permissions.is_asking(actor, case), _("Only the asking side answers this."))
    question = _question(case, question_id)
    text, values = text.strip()[:1000], dict(values or {})
    if question.status == Question.Status.ANSWERED and question.answered_by_id == actor.pk:
        return question
    _must_be_open(question)
    if not_available:
        if len(text) < REASON:
            message = _("Give a reason of at least {n} characters.").format(n=REASON)
            raise Invalid(message, path="text")
    else:
        _fill_in(case, question, values, text)
    question.answer, question.not_available = text, not_available
    _end(case, question, Question.Status.ANSWERED, by=actor)
    take_step(case=case, action="case.answer", fields=question.fields, not_available=not_available)
    publication.publish(question)
    publish_offers(case)
    close_if_due(case=case)
    outbox.announce(CaseAnswered(case_id=case.pk, question_id=question.pk))
    tell(case=case, recipient=question.asked_by, template="case.answered")
    if case.holder and case.holder_id != question.asked_by_id:
        tell(case=case, recipient=case.holder, template="case.answered")
    return question


def withdraw_question(*, actor: User, case_id: UUID, question_id: UUID) -> Question:
    """Who asked no longer needs it."""
    require_intention()
    case = get_case(actor, case_id, lock=True)
    question = _question(case, question_id)
    require(question.asked_by_id == actor.pk, _("Only who asked takes a question back."))
    if question.status == Question.Status.WITHDRAWN:
        return question
    _must_be_open(question)
    _end(case, question, Question.Status.WITHDRAWN)
    take_step(case=case, action="case.unask")
    publication.publish(question)
    publish_offers(case)
    close_if_due(case=case)
    return question


def end_questions(*, case: Case, status: Question.Status, asked_by: User | None = None) -> int:
    """The case ended, or who asked is out of it: what is open waits no longer."""
    require_intention()
    waiting = case.questions.filter(status=Question.Status.OPEN)
    if asked_by:
        waiting = waiting.filter(asked_by=asked_by)
    ended = list(waiting)
    for question in ended:
        _end(case, question, status)
        publication.publish(question)
    if ended:
        publish_offers(case)
    return len(ended)


def _question(case: Case, question_id: UUID) -> Question:
    question = find_open_question(case, question_id)
    if question is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Question/{question_id}")
    return question


def _must_be_open(question: Question) -> None:
    if question.status != Question.Status.OPEN:
        state = question.get_status_display()
        message = _("This question is settled: {state}.").format(state=state)
        raise Conflict(message, path="question")


def _fill_in(case: Case, question: Question, values: dict[str, Any], text: str) -> None:
    if set(values) - set(question.fields):
        raise Invalid(_("Only what was asked for can be changed."), path=sorted(values)[0])
    if not question.fields and not text:
        raise Invalid(_("Write the answer."), path="text")
    for name in question.fields:
        before = _present(case, name)
        if name == "studies":
            attach_studies(case, values.get(name, []))
        else:
            check_value(name, values.get(name, ""))
            setattr(case, name, values.get(name, ""))
        if _present(case, name) == before or not _present(case, name):
            message = _("This is unchanged. Fill it in, or say why it can't be had.")
            raise Invalid(message, path=name)
        question.before[name] = before
    case.save()


def _present(case: Case, name: str) -> Any:
    if name == "studies":
        return sorted(str(pk) for pk in case.studies.values_list("pk", flat=True))
    return getattr(case, name).strip()


def _end(case: Case, question: Question, status: Question.Status, by: User | None = None) -> None:
    question.status, question.ended_at, question.answered_by = status, timezone.now(), by
    question.save()
    stop_clocks(about=question.pk)
    settle_pauses(case=case)
