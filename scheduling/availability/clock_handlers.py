"""What the clocks of an institution's sessions do when they run out."""

from collections.abc import Callable
from functools import partial
from typing import Any

from scheduling.availability import services
from scheduling.availability.clock_rows import CLOSE, FINISH, PUBLISH, RETURN, STOP_UNDO
from telemed.core import clocks
from telemed.core.models import Clock


def register() -> None:
    """Called in ready()."""
    for kind, service in (
        (PUBLISH, services.publish_due),
        (RETURN, services.return_due),
        (CLOSE, services.close_due),
        (FINISH, services.finish_due),
    ):
        clocks.register(kind, partial(_of_institution, service))
    clocks.register(STOP_UNDO, _of_stop)


def _of_institution(service: Callable[..., Any], clock: Clock) -> None:
    service(organisation_id=clock.about)


def _of_stop(clock: Clock) -> None:
    services.settle_stop(stop_id=clock.about)
