"""What the clocks of a case do when they run out: they climb their ladder."""

from consult.requests import services
from consult.requests.policies import COMMON
from telemed.core import clocks


def register() -> None:
    """Called in ready()."""
    for kind in COMMON:
        clocks.register(kind, lambda clock: services.climb(clock=clock))
