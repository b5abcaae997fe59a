"""What a screen in the waiting room may send."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from telemed.core.frames import Heartbeat, Seen

FRAMES: TypeAdapter[Heartbeat | Seen] = TypeAdapter(
    Annotated[Heartbeat | Seen, Field(discriminator="do")]
)
