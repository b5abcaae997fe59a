"""What the clocks of the green channel do when they run out: they climb their ladder."""

from scheduling.greens import services
from scheduling.greens.policies import clocks as kinds
from telemed.core import clocks


def register() -> None:
    """Called in ready()."""
    for kind in kinds():
        clocks.register(kind, lambda clock: services.climb(clock=clock))
