"""Whether somebody is at work now: on shift, or within the province's working hours."""

from datetime import datetime

from django.utils import timezone

from telemed.core.clocks import SESSIONS, is_working_day
from telemed.people.models import User
from telemed.rota.queries import is_on_duty


def is_working_now(user: User | None) -> bool:
    """A resident has no shift: what is urgent for them is so at any hour."""
    if user is None or user.acting_as_id is None:
        return True
    return is_working_time(timezone.now()) or is_on_duty(user)


def is_working_time(moment: datetime) -> bool:
    """Within the sessions of a working day."""
    local = timezone.localtime(moment)
    if not is_working_day(local.date())[0]:
        return False
    return any(opens <= local.time() < closes for opens, closes in SESSIONS)
