"""Whom a host may ask in by a link. Pure."""

from consult.rooms.models import Role
from consult.rooms.permissions import GUESTS, Matter
from scheduling.appointments.models import Appointment

MOST_RESIDENTS = 2  # the patient and who is with them, or both guardians


def may_come_as(matter: Matter) -> frozenset[Role]:
    """The patient of a visit by video has the link of the visit."""
    return GUESTS if isinstance(matter, Appointment) else GUESTS | {Role.RESIDENT}
