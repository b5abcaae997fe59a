"""
Operations on types that a slice owns. The slice registers them, as it does a projection: the door
authenticates, reads the parameters and opens the intention.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telemed.core.intentions import Actor
from telemed.core.publication import Json

TEXT = ("valueString", "valueCode", "valueId", "valueUri", "valueInstant", "valueDateTime")
REFERENCE = ("valueReference",)
RESOURCE = ("resource",)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """
    `takes`: each parameter and where its value may stand in a Parameters resource. By GET, where it
    is `safe`, texts and references come in the address. What `run` answers is the body.
    """

    name: str
    letter: str  # the scope that it needs on the type
    takes: Mapping[str, tuple[str, ...]]
    run: Callable[[Actor, dict[str, Any]], Json]
    definition: str
    documentation: str
    safe: bool = False
    # What an answer under an Idempotency-Key was about, and the answer about it once more.
    subject: Callable[[Json], str] | None = None
    again: Callable[[Actor, str], Json] | None = None


_operations: dict[tuple[str, str], Operation] = {}


def register(resource_type: str, operation: Operation) -> None:
    """Called in ready()."""
    _operations[resource_type, operation.name] = operation


def of(resource_type: str, name: str) -> Operation | None:
    return _operations.get((resource_type, name))


def listed(resource_type: str) -> list[Operation]:
    return [one for (name, _op), one in sorted(_operations.items()) if name == resource_type]
