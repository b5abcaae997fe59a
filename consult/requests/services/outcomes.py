"""How the patient fared after 3, 7 and 30 days, given back to the doctor who signed."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.requests import permissions
from consult.requests.events import CaseAddedTo
from consult.requests.models import ANSWERED, OVER, Case, Outcome
from consult.requests.policies import outcome_clock, outcome_due
from consult.requests.queries import get_case_to_follow, opinion_signed_at
from consult.requests.services.ladders import start_ladders
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core import outbox, publication
from telemed.core.clocks import stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User

SETTLED = (Outcome.Result.DIED,)  # nothing is asked afterwards


def ask_outcomes(*, case: Case) -> None:
    """Three questions, less those told already, are put on the calendar on the opinion's day."""
    require_intention()
    now = timezone.now()
    told = set(case.outcomes.values_list("day", flat=True))
    ahead = {day: outcome_due(day, now) - now for day in sorted(set(Outcome.DAYS) - told)}
    start_ladders(case=case, spent={outcome_clock(day): -time for day, time in ahead.items()})


def record_outcome(*, actor: User, case_id: UUID, day: int, result: str, note: str = "") -> Outcome:
    """
    Once for each day, from that day on, by the asking side or the patient's family doctor. The same
    answer again answers the present state.
    """
    require_intention()
    case = get_case_to_follow(actor, case_id)
    follows = permissions.is_asking(actor, case) or permissions.is_family_doctor(actor, case)
    require(follows, _("Only the asking side records the outcome."))
    told = set(Outcome.Result.values) - {Outcome.Result.UNKNOWN}
    if day not in Outcome.DAYS:
        raise Invalid(_("Choose one of the values offered."), path="day")
    if result not in told:
        raise Invalid(_("Choose one of the values offered."), path="result")
    note = note.strip()[:200]
    if case.status not in (*ANSWERED, *OVER):
        raise Conflict(_("There is no opinion to act on yet."), path="status")
    given = case.outcomes.filter(day=day).first()
    if given and given.result == result and given.recorded_by_id == actor.pk:
        return given
    twice = Conflict(_("The outcome of day {n} is recorded already.").format(n=day), path="day")
    if given:
        raise twice
    signed_at = opinion_signed_at(case)
    if signed_at and timezone.localdate() < timezone.localdate(outcome_due(day, signed_at)):
        raise Conflict(_("Day {n} has not come yet.").format(n=day), path="day")
    with refusing(one_outcome_a_day=twice):
        outcome = Outcome.objects.create(
            case=case, day=day, result=result, note=note, recorded_by=actor
        )
    later = [other for other in Outcome.DAYS if other >= day]
    over = later if result in SETTLED else [day]
    stop_clocks(about=case.pk, kind=[outcome_clock(other) for other in over])
    take_step(case=case, action="case.outcome", day=day, result=result)
    _give_back(case, outcome)
    return outcome


def lapse_outcome(*, case: Case, day: int) -> None:
    """Nobody said so in a week: unknown, which counts as a broken loop."""
    require_intention()
    outcome, new = Outcome.objects.get_or_create(
        case=case, day=day, defaults={"result": Outcome.Result.UNKNOWN}
    )
    if new:
        take_step(case=case, action="case.outcome", day=day, result=outcome.result)
        _give_back(case, outcome)


def _give_back(case: Case, outcome: Outcome) -> None:
    publication.publish(outcome)
    if case.status in OVER:
        outbox.announce(CaseAddedTo(case_id=case.pk))
    if case.holder:
        tell(
            case=case,
            recipient=case.holder,
            template="case.outcome",
            turn=outcome.day,
            n=outcome.day,
            state=str(outcome.get_result_display()),
        )
