"""What the clocks of a referral do when they run out: they climb their ladder."""

from scheduling.referrals import services
from scheduling.referrals.policies import CLOCKS
from telemed.core import clocks


def register() -> None:
    """Called in ready()."""
    for kind in CLOCKS:
        clocks.register(kind, lambda clock: services.climb(clock=clock))
