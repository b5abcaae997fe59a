"""The screens in the waiting room look again."""

from scheduling.appointments.boards import group_of
from scheduling.appointments.models import Appointment
from scheduling.availability.models import Session
from telemed.core.doorbells import ring_group


def ring_boards(about: Appointment | Session) -> None:
    """Those of the department, and of the whole hospital."""
    for place in (about.department_id, about.organisation_id):
        ring_group(group_of(place), type="board.rang")
