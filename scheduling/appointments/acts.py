"""What slices above offer to do on the page of a visit: registered here, in ready()."""

from collections.abc import Callable

from scheduling.appointments.models import Appointment
from telemed.people.models import User

Offered = Callable[[User, Appointment], bool]

_acts: list[tuple[str, Offered]] = []


def register(template: str, offered: Offered) -> None:
    """A template, and whether this account may do it about this visit now."""
    _acts.append((template, offered))


def shown(actor: User, appointment: Appointment) -> list[str]:
    return [template for template, offered in _acts if offered(actor, appointment)]
