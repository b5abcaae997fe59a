"""What happens when a clock of the green channel runs out: one rung of its ladder, once."""

from django.utils import timezone

from scheduling.greens import policies, rules
from scheduling.greens.models import Green, Status
from scheduling.greens.plans import Station, stations
from scheduling.greens.policies import NEXT, PROMISE, WARN
from scheduling.greens.queries import lock_green, moments_of
from scheduling.greens.services.telling import clinic_of, directors_of_both, ring, team_of, tell
from scheduling.referrals.queries import next_choice
from scheduling.referrals.services import greens as referrals
from telemed.core import policies as house
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.people.models import User
from telemed.rota.reaching import directors_of, prefecture_coordinators


def climb(*, clock: Clock) -> None:
    """Tell who must hear it now; the second rung of the acknowledgment calls the next hospital."""
    require_intention()
    green = lock_green(clock.about)
    if not green.is_open:
        return
    if clock.kind == policies.ACKNOWLEDGE:
        _unanswered(green, clock)
    else:
        _late(green, clock)


def _unanswered(green: Green, clock: Clock) -> None:
    if green.status != Status.CALLED:
        return
    referral, turn = green.referral, clock.rung
    hospital = referral.organisation.name
    if clock.rung == PROMISE:
        told = tell(green, directors_of(referral.organisation), "green.unanswered", turn=turn)
    elif clock.rung == NEXT:
        choice = next_choice(referral)
        if choice is None:
            told = tell(green, clinic_of(referral), "green.nobody", turn=turn, org=hospital)
        else:
            referrals.call_next(referral=referral, department=choice.department)
            told = tell(green, team_of(choice.department), "green.called", turn=turn)
    else:
        people = prefecture_coordinators(referral.organisation)
        told = tell(green, people, "green.unanswered", turn=turn)
    _note(green, clock, told)


def _late(green: Green, clock: Clock) -> None:
    """The next one of the ladder: before the limit to hurry, then because it is over."""
    moments = moments_of(green)
    for station in stations(green.kind):
        due = policies.due_at(green, moments, station)
        if due and policies.clock_of(station.code) == clock.kind:
            until = f"{timezone.localtime(due.until):%H:%M}"
            told = tell(
                green,
                _whom(green, clock),
                "green.due" if clock.rung == WARN else "green.late",
                turn=_turn(green, clock, station),
                state=str(station.label),
                time=until,
            )
            _note(green, clock, told)


def _whom(green: Green, clock: Clock) -> list[User]:
    """By the ladder under which the station began."""
    referral = green.referral
    match house.rung_of(rules.LATE, clock, referral.organisation_id).call:
        case rules.TEAM:
            return [*team_of(referral.department), *clinic_of(referral)]
        case rules.DIRECTORS:
            return directors_of_both(referral)
        case _:
            return [*prefecture_coordinators(referral.organisation)]


def _turn(green: Green, clock: Clock, station: Station) -> int:
    codes = [one.code for one in stations(green.kind)]
    return 1000 * clock.turn + 10 * codes.index(station.code) + clock.rung


def _note(green: Green, clock: Clock, told: list[str]) -> None:
    action = "referral.remind" if clock.rung == WARN else "referral.escalate"
    referrals.note(
        green.referral, action, publish=False, by_system=True, clock=clock.kind, told=told
    )
    ring(green)
