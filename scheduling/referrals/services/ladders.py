"""Starting, stopping and pausing the clocks of a referral by its policy."""

from datetime import datetime, timedelta

from scheduling.referrals import policies
from scheduling.referrals.models import Referral
from telemed.core import moments
from telemed.core.clocks import Start, pause_clocks, resume_clocks, start_clocks, stop_clocks
from telemed.core.intentions import require_intention


def start_ladder(*, referral: Referral, clock: str, since: datetime | None = None) -> None:
    """Every rung of one clock; `since`: they count from that moment on, which may be ahead."""
    require_intention()
    ladder = policies.ladder(clock, referral)
    later = since - moments.now() if since else timedelta()
    rungs = [
        Start(clock, rung.number, max(rung.after + later, timedelta()), ladder.calendar)
        for rung in ladder.rungs
    ]
    start_clocks(about=referral.pk, rungs=rungs)


def stop_ladders(*, referral: Referral, clocks: tuple[str, ...] = policies.CLOCKS) -> None:
    require_intention()
    stop_clocks(about=referral.pk, kind=clocks)


def settle_pause(*, referral: Referral, asked: bool) -> None:
    """The first answer waits exactly while a question is open."""
    require_intention()
    settle = pause_clocks if asked else resume_clocks
    settle(about=referral.pk, kind=policies.ACCEPT)
