"""What the clocks of a message do when they run out."""

from telemed.core import clocks
from telemed.notifications import services


def register() -> None:
    """Called in ready()."""
    clocks.register("notification.quiet", lambda clock: services.release_held(clock=clock))
    clocks.register("notification.second", lambda clock: services.send_second(clock=clock))
    clocks.register("notification.phone", lambda clock: services.put_on_phone_list(clock=clock))
