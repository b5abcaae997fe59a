"""What any socket's client may send, to the letter."""

from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from telemed.core.errors import Malformed

T = TypeVar("T")


class Frame(BaseModel):
    """Strict: no extra keys, no number written as text."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Seen(Frame):
    """How many of our frames the client has had since it connected."""

    do: Literal["seen"]
    frames: int = Field(ge=0)


class Heartbeat(Frame):
    """I am still here."""

    do: Literal["heartbeat"]


def parse(adapter: TypeAdapter[T], text: str) -> T:
    """The frame, or Malformed that names the first wrong part ("say.text")."""
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Malformed(first["msg"], path=where) from None
