"""What goes over the pipe, both ways: a length, a JSON object, and the bytes it announces."""

import json
import struct
from typing import Any, BinaryIO

HEAD = struct.Struct(">II")  # length of the JSON, length of the bytes after it
MAX_JSON = 64 << 20
MAX_BODY = 512 << 20


class Refused(Exception):
    """The file cannot be taken; `code` is a key of records.imaging.reasons."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def said(self) -> dict[str, Any]:
        return {"refused": self.code, "facts": self.facts}


def refusal(error: Exception) -> Refused:
    """What a broken file did to its parser, as the reason for which it is not taken."""
    match error:
        case Refused():
            return error
        case MemoryError():
            return Refused("too_big")
        case RecursionError():
            return Refused("too_deep")
        case _:
            return Refused("unreadable", error=type(error).__name__)


def pack(message: dict[str, Any], body: bytes = b"") -> bytes:
    text = json.dumps(message, ensure_ascii=False, allow_nan=False).encode()
    return HEAD.pack(len(text), len(body)) + text + body


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    """The next request, which carries no bytes; None when the other side has gone."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    length, _ = HEAD.unpack(head)
    message: dict[str, Any] = json.loads(stream.read(length))
    return message
