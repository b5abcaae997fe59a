"""What happens when a clock of a referral runs out: one rung of its ladder, once."""

from django.utils.translation import gettext as _

from scheduling.referrals import policies
from scheduling.referrals.models import THERE, Referral, Status
from scheduling.referrals.policies import WARN, Act, Rung
from scheduling.referrals.queries import lock_referral, next_choice, open_question
from scheduling.referrals.services.arriving import miss
from scheduling.referrals.services.leaving import expire
from scheduling.referrals.services.sending import ask_department, tell_asked
from scheduling.referrals.services.steps import take_step
from scheduling.referrals.services.telling import audience, tell
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.web.promises import left_of

# In which states the end of a clock still means anything.
WHILE = {
    policies.ACCEPT: [Status.SENT],
    policies.QUESTION: [Status.SENT],
    policies.ARRIVE: [Status.ACCEPTED],
    policies.HAND_BACK: THERE,
    policies.PLAN: [Status.HANDED_BACK, Status.ARRIVED],
}


def climb(*, clock: Clock) -> None:
    """Tell who must hear it now, and do what the rung does."""
    require_intention()
    referral = lock_referral(clock.about)
    if referral.status not in WHILE[clock.kind]:
        return
    if clock.kind == policies.QUESTION and open_question(referral) is None:
        return
    rung = policies.ladder(clock.kind, referral, clock.created_at).rung(clock.rung)
    if rung is None:
        return
    match rung.act:
        case Act.MISS:
            miss(referral=referral)
        case Act.EXPIRE:
            expire(referral=referral)
        case Act.ASK_NEXT:
            if _ask_next(referral):
                _tell(referral, clock, rung)
        case _:
            _tell(referral, clock, rung)


def _ask_next(referral: Referral) -> bool:
    """The next hospital is asked besides; whoever accepts first has it."""
    choice = next_choice(referral)
    if choice is None:
        return False
    ask_department(referral=referral, department=choice.department, keeps_place=True)
    take_step(
        referral=referral,
        action="referral.widen",
        by_system=True,
        org=choice.organisation.name,
        department=choice.department.name,
    )
    tell_asked(referral=referral, department=choice.department)
    return True


def _tell(referral: Referral, clock: Clock, rung: Rung) -> None:
    people = {one.pk: one for whom in rung.tell for one in audience(referral, whom)}
    template = rung.template or ("clock.remind" if rung.number == WARN else "clock.overdue")
    for person in people.values():
        tell(
            referral=referral,
            recipient=person,
            template=template,
            turn=100 * clock.turn + 10 * policies.CLOCKS.index(clock.kind) + rung.number,
            state=_words(clock.kind),
            left=left_of(clock),
        )
    action = "referral.remind" if rung.number == WARN else "referral.escalate"
    take_step(
        referral=referral,
        action=action,
        publish=False,
        by_system=True,
        clock=clock.kind,
        told=[person.name for person in people.values()],
    )


def _words(clock: str) -> str:
    """What is waited for."""
    return {
        policies.ACCEPT: _("the first answer"),
        policies.QUESTION: _("the answer to a question"),
        policies.HAND_BACK: _("the hand-back"),
        policies.PLAN: _("taking the plan over"),
    }.get(clock, "")
