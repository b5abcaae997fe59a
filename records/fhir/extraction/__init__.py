"""What a search can find in a resource, collected while it is checked."""

from datetime import datetime
from typing import NamedTuple


class Reference(NamedTuple):
    """One literal reference: the parameter's key, and what it points at."""

    key: int
    type: str
    id: str


class Extracted:
    """The search values of one resource, under the keys of records.fhir.keys."""

    __slots__ = ("dates", "has", "hot", "numbers", "references", "strings", "tokens")

    def __init__(self) -> None:
        self.tokens: set[int] = set()
        self.hot: set[int] = set()  # tokens that also stand in an ordered table
        self.strings: list[tuple[int, str]] = []
        self.dates: list[tuple[int, datetime, datetime]] = []
        self.numbers: list[tuple[int, float, float, int | None]] = []
        self.references: list[Reference] = []
        self.has = 0  # a bit for each parameter that has a value
