"""Whether somebody is at work now: asked of the rota once one is connected."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from telemed.core.clocks import SESSIONS, is_working_day
from telemed.people.models import User

IsWorking = Callable[[User], bool]
_rota: IsWorking | None = None


def connect(is_working: IsWorking | None) -> None:
    """Called in ready() by whoever keeps the rota; None goes back to the usual hours."""
    global _rota
    _rota = is_working


def is_working_now(user: User) -> bool:
    """On shift, or without a rota within the province's working hours. A resident has no shift."""
    if user.acting_as_id is None:
        return True
    return _rota(user) if _rota else is_working_time(timezone.now())


def is_working_time(moment: datetime) -> bool:
    """Within the sessions of a working day."""
    local = timezone.localtime(moment)
    if not is_working_day(local.date())[0]:
        return False
    return any(opens <= local.time() < closes for opens, closes in SESSIONS)
