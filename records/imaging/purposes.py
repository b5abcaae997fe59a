"""What images are sent for: filled in by the slice above that asks for them, in ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from records.mpi.models import Patient
from telemed.core.errors import NotFound
from telemed.people.models import User


@dataclass(frozen=True)
class Purpose:
    """What the upload page says of it, and where it is."""

    name: str
    url: str


Find = Callable[[User, Patient, UUID], Purpose | None]
_finders: list[Find] = []


def register(find: Find) -> None:
    """
    `find` answers what it knows under that id, None where it is nothing of its own; Forbidden or
    Conflict where no images may be sent for it by that person, about that patient, now.
    """
    _finders.append(find)


def get_purpose(actor: User, patient: Patient, about: UUID) -> Purpose:
    """What images of that patient may be sent for. Hidden and absent look the same."""
    for find in _finders:
        if purpose := find(actor, patient, about):
            return purpose
    raise NotFound(_("Not found, or not yours to know of."), path=f"about/{about}")
