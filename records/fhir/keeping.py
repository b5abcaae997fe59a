"""
Types whose instances a registered system keeps by its own identifier: the conditional update of
https://hl7.org/fhir/R4/http.html#cond-update, `PUT /Schedule?identifier=system|value`.

The slice that owns the rows registers how it takes them, as it does an operation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from records.fhir.search.parsing import Pairs
from telemed.core.errors import Conflict
from telemed.core.intentions import Actor
from telemed.core.publication import Json


class Contradiction(Conflict):
    """What was sent contradicts what is here. It changes nothing, and it is written down."""


@dataclass(frozen=True)
class Kept:
    """What there is now under that identifier; `body` of what is projected, which is not stored."""

    fhir_id: str
    new: bool
    body: Json | None = None


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """
    `keep` takes the actor, the identifier as "system|value" and the resource. `existing` answers
    If-None-Exist: what this system keeps already and fits the criteria, with writers of the same
    system one after another.
    """

    keep: Callable[[Actor, str, Json], Kept]
    existing: Callable[[Actor, Pairs], Kept | None]


IDENTIFIED = re.compile(r"[^|]{1,120}\|[^|]{1,79}").fullmatch
_keepings: dict[str, Keeping] = {}
_remember: list[Callable[[Contradiction], None]] = []


def register(resource_type: str, keeping: Keeping) -> None:
    """Called in ready()."""
    _keepings[resource_type] = keeping


def on_contradiction(remember: Callable[[Contradiction], None]) -> None:
    """Called in ready(): who writes them down, in an intention of their own."""
    if remember not in _remember:
        _remember.append(remember)


def remember(error: Contradiction) -> None:
    for one in _remember:
        one(error)


def of(resource_type: str) -> Keeping | None:
    return _keepings.get(resource_type)
