"""What an open page may send to the inbox's socket."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from telemed.core.frames import Heartbeat, Seen

FRAMES: TypeAdapter[Heartbeat | Seen] = TypeAdapter(
    Annotated[Heartbeat | Seen, Field(discriminator="do")]
)
