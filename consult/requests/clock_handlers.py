"""What the clocks of a case do when they run out."""

from consult.requests import services
from telemed.core import clocks


def register() -> None:
    """Called in ready()."""
    clocks.register("case.accept", lambda clock: services.escalate(clock=clock))
    clocks.register("case.remind", lambda clock: services.remind_doctors(clock=clock))
    clocks.register("case.draft", lambda clock: services.drop_draft(clock=clock))
    clocks.register("case.done", lambda clock: services.remind_holder(clock=clock))
    clocks.register("case.receipt", lambda clock: services.remind_requester(clock=clock))
