"""Starting, stopping and pausing the clocks of a case by its policy."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from consult.requests import policies
from consult.requests.models import Case, Offer, Question
from consult.requests.rungs import AGAIN
from telemed.core.clocks import Start, pause_clocks, resume_clocks, start_clocks, stop_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar

PAUSABLE = ("case.accept", "case.done")  # an open question stops them
BLOCKED = "case.blocked"  # its time to close is over, and something keeps it open
AFTER_SIGNING = ("case.receipt", "case.close", BLOCKED)
BEFORE_SIGNING = (
    *("case.triage", "case.accept", "case.in_room", "case.done"),
    *("room.noshow", "room.open", "case.schedule"),
)
OF_AN_OFFER = "offer.accept"  # the clock of one doctor who is invited to a joint consult


def start_ladder(
    *, case: Case, clock: str, about: UUID | None = None, spent: timedelta = timedelta()
) -> None:
    """
    Every rung of one clock, `spent` of it being over already (negative: it begins later).

    Of the rungs that lie behind, only the last is climbed, at once.
    """
    require_intention()
    start_clocks(about=about or case.pk, rungs=_rungs(case, clock, spent))


def begin_again(*, about: UUID, clock: str) -> None:
    """The last rung: it comes back every working day, until what it waits for is done."""
    require_intention()
    start_clocks(about=about, rungs=[Start(clock, AGAIN, policies.DAY, Calendar.WORKING)])


def start_ladders(*, case: Case, spent: Mapping[str, timedelta]) -> None:
    """Several clocks at once; each as `start_ladder` does."""
    require_intention()
    rungs = [rung for clock, over in spent.items() for rung in _rungs(case, clock, over)]
    start_clocks(about=case.pk, rungs=rungs)


def _rungs(case: Case, clock: str, spent: timedelta) -> list[Start]:
    ladder = policies.ladder(clock, case.kind, policies.acting_side(clock, case))
    left = {rung.number: policies.allowance(rung, ladder.calendar, spent) for rung in ladder.rungs}
    passed = [number for number, (rest, _calendar) in left.items() if rest < timedelta()]
    return [
        Start(clock, number, max(rest, timedelta()), calendar)
        for number, (rest, calendar) in left.items()
        if number not in passed[:-1]
    ]


def stop_ladders(*, case: Case, clocks: tuple[str, ...]) -> None:
    require_intention()
    stop_clocks(about=case.pk, kind=clocks)


def settle_pauses(*, case: Case) -> None:
    """Answer and opinion wait exactly while a question is open; never in an emergency."""
    require_intention()
    asked = case.questions.filter(status=Question.Status.OPEN)
    waits = not case.is_emergency and asked.exists()
    settle = pause_clocks if waits else resume_clocks
    for clock in PAUSABLE:
        settle(about=case.pk, kind=clock)
    for invited in case.offers.filter(status__in=Offer.WAITING) if case.is_joint else ():
        settle(about=invited.pk, kind=OF_AN_OFFER)


def stop_invitations(*, case: Case, at: datetime | None = None) -> None:
    """Nobody who was invited to a joint consult is waited for any more."""
    require_intention()
    invited = set(case.offers.values_list("pk", flat=True)) if case.is_joint else set()
    stop_clocks(about=invited, kind=OF_AN_OFFER, at=at)
