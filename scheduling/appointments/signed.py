"""For whom a family doctor's places are: the slice that signs people up says so in ready()."""

from collections.abc import Callable

from records.mpi.models import Patient
from telemed.organisations.models import Organisation
from telemed.people.models import User

CaredFor = Callable[[User, Patient, Organisation], bool]
_known: list[CaredFor] = []


def register(cared_for: CaredFor) -> None:
    """Called in ready()."""
    _known.append(cared_for)


def is_cared_for(actor: User, patient: Patient, organisation: Organisation) -> bool:
    """Whether this account may take such a place of that hospital for this person."""
    return any(known(actor, patient, organisation) for known in _known)
