"""Asking the sending side for more: the referral stays where it is, only its clock waits."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.referrals import permissions
from scheduling.referrals.events import ReferralAsked
from scheduling.referrals.models import Question, Referral, Status
from scheduling.referrals.policies import QUESTION, REASON
from scheduling.referrals.queries import asked_rounds, get_referral, open_question
from scheduling.referrals.services.ladders import settle_pause, start_ladder, stop_ladders
from scheduling.referrals.services.steps import take_step
from scheduling.referrals.services.telling import tell, tell_sender
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User


def ask(*, actor: User, referral_id: UUID, text: str) -> Question:
    """One question at a time; the clock of the answer waits for the sending side."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    mine = any(permissions.may_answer(actor, one) for one in asked_rounds(referral))
    involved = mine or permissions.receives(actor, referral)
    require(involved, _("Only the department that was asked asks back."))
    text = text.strip()
    if len(text) < REASON:
        sentence = _("Ask in at least {n} characters.")
        raise Invalid(sentence.format(n=REASON), path="text")
    if referral.status != Status.SENT:
        raise Conflict(_("Nothing can be asked about this referral any more."), path="status")
    taken = Conflict(_("A question is open already."), path="text")
    if open_question(referral):
        raise taken
    with refusing(one_open_referral_question=taken):
        question = Question.objects.create(referral=referral, asked_by=actor, text=text[:500])
    settle_pause(referral=referral, asked=True)
    start_ladder(referral=referral, clock=QUESTION)
    take_step(referral=referral, action="referral.ask")
    outbox.announce(ReferralAsked(referral_id=referral.pk))
    tell_sender(referral=referral, template="referral.asked", who=actor.name)
    return question


def answer(*, actor: User, referral_id: UUID, text: str) -> Referral:
    """The clock of the receiving side runs on with what was left."""
    require_intention()
    referral = get_referral(actor, referral_id, lock=True)
    require(permissions.is_sending(actor, referral), _("Only the sending side answers this."))
    question, text = open_question(referral), text.strip()
    if question is None:
        last = referral.questions.order_by("-created_at").first()
        if last and last.answered_by_id == actor.pk and last.answer == text[:1000]:
            return referral
        raise Conflict(_("No question is open."), path="text")
    if not text:
        raise Invalid(_("Write the answer."), path="text")
    question.status, question.answer = Question.Status.ANSWERED, text[:1000]
    question.answered_by, question.ended_at = actor, moments.now()
    question.save()
    stop_ladders(referral=referral, clocks=(QUESTION,))
    settle_pause(referral=referral, asked=False)
    take_step(referral=referral, action="referral.answer")
    tell(referral=referral, recipient=question.asked_by, template="referral.answered")
    return referral


def end_question(*, referral: Referral) -> None:
    """It was answered by what happened."""
    require_intention()
    rows = referral.questions.filter(status=Question.Status.OPEN)
    rows.update(status=Question.Status.LAPSED, ended_at=moments.now())
