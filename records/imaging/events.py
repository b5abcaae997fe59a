"""What other slices may want to hear of images."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class ShipmentMoved(Event):
    """It began, brought a study that it had not brought before, or ended."""

    topic: ClassVar[str] = "shipment.moved"
    shipment_id: UUID
