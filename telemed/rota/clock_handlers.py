"""What the clocks of a rota do when they run out."""

from telemed.core import clocks
from telemed.rota import services
from telemed.rota.clock_rows import PUBLISH


def register() -> None:
    """Called in ready()."""
    clocks.register(PUBLISH, lambda clock: services.look_for_next_month(clock=clock))
