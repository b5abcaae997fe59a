"""Starting, stopping and pausing the clocks of a case by its policy."""

from datetime import datetime, timedelta
from uuid import UUID

from consult.requests import policies
from consult.requests.models import Case, Offer, Question
from telemed.core.clocks import pause_clocks, resume_clocks, start_clock, stop_clocks
from telemed.core.intentions import require_intention

PAUSABLE = ("case.accept", "case.done")  # an open question stops them
AFTER_SIGNING = ("case.receipt", "case.close")
BEFORE_SIGNING = (
    *("case.triage", "case.accept", "case.in_room", "case.done"),
    *("room.noshow", "case.schedule"),
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
    ladder = policies.ladder(clock, case.kind, policies.acting_side(clock, case))
    left = {rung.number: policies.allowance(rung, ladder.calendar, spent) for rung in ladder.rungs}
    passed = [number for number, (rest, _calendar) in left.items() if rest < timedelta()]
    for number, (rest, calendar) in left.items():
        if number in passed[:-1]:
            continue
        start_clock(
            kind=clock,
            about=about or case.pk,
            allowance=max(rest, timedelta()),
            calendar=calendar,
            rung=number,
        )


def stop_ladders(*, case: Case, clocks: tuple[str, ...]) -> None:
    require_intention()
    for clock in clocks:
        stop_clocks(about=case.pk, kind=clock)


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
