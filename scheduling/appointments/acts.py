"""What slices above offer to do on the page of a visit: registered here, in ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scheduling.appointments.models import Appointment
from telemed.people.models import User

Offered = Callable[[User, Appointment], bool]


@dataclass(frozen=True)
class Way:
    """Where a row of the day's list leads, for whom and when."""

    label: Any
    address: Callable[[Appointment], str]
    offered: Offered


_ways: list[Way] = []
_acts: list[tuple[str, Offered]] = []


def register(template: str, offered: Offered) -> None:
    """A template, and whether this account may do it about this visit now."""
    _acts.append((template, offered))


def shown(actor: User, appointment: Appointment) -> list[str]:
    return [template for template, offered in _acts if offered(actor, appointment)]


def register_way(way: Way) -> None:
    _ways.append(way)


def ways(actor: User, appointment: Appointment) -> list[tuple[Any, str]]:
    """Label and address of each."""
    return [
        (way.label, way.address(appointment)) for way in _ways if way.offered(actor, appointment)
    ]
