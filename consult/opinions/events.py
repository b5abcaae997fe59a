"""What other slices may want to hear of an opinion."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class OpinionSigned(Event):
    """A version of it was signed: the first, an amendment, or a new one for one withdrawn."""

    topic: ClassVar[str] = "opinion.signed"
    case_id: UUID
    version: int
