"""What other slices may want to hear of people."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class PersonDeceased(Event):
    """
    Somebody died. The database itself announces it (trigger `a_death_is_told`): the day comes from
    our pages, or with a version of the Patient resource that another system sends.
    """

    topic: ClassVar[str] = "person.deceased"
    patient_id: UUID
