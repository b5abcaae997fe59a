"""Who calls the FHIR door, and what their token lets them ask for (SMART App Launch 2.0 scopes)."""

import re
from dataclasses import dataclass
from enum import StrEnum, auto
from uuid import UUID

# system/Observation.rs, user/*.cruds; version 1 said .read, .write and .*
SCOPE = re.compile(
    r"(?P<context>system|user|patient)/(?P<type>\*|[A-Z][A-Za-z]+)"
    r"\.(?P<letters>c?r?u?d?s?|read|write|\*|\$match)"
)
# $match looks through everybody, so it is a right of its own that no other form gives.
WORDS = {"read": "rs", "write": "cud", "*": "cruds", "$match": "m"}


class Kind(StrEnum):
    SYSTEM = auto()  # the product itself
    APPLICATION = auto()
    CLINICIAN = auto()
    STAFF = auto()  # coordinators, administrators, officials: no clinical content
    RESIDENT = auto()


@dataclass(frozen=True)
class Scopes:
    """Pairs of type (or *) and letter: c create, r read, u update, d delete, s search, m match."""

    pairs: frozenset[tuple[str, str]]

    @classmethod
    def parse(cls, text: str, contexts: frozenset[str]) -> "Scopes":
        """A scope we do not know, or that a query narrows, grants nothing."""
        pairs: set[tuple[str, str]] = set()
        for word in text.split():
            match = SCOPE.fullmatch(word)
            if match and match["context"] in contexts:
                letters = WORDS.get(match["letters"], match["letters"])
                pairs |= {(match["type"], letter) for letter in letters}
        return cls(frozenset(pairs))

    def allow(self, resource_type: str, letters: str) -> bool:
        """One of these letters on that type."""
        return any({(resource_type, letter), ("*", letter)} & self.pairs for letter in letters)


EVERYTHING = Scopes(frozenset(("*", letter) for letter in "crudsm"))


@dataclass(frozen=True, kw_only=True)
class Caller:
    """An actor (telemed.core.intentions) with the numbers that the access filter needs."""

    kind: Kind
    actor_id: str
    organisation_id: UUID | None = None
    role: str = "system"
    org: int | None = None  # Organisation.number
    person: UUID | None = None  # the account
    own: int | None = None  # Patient.rid of the account's own record
    scopes: Scopes = EVERYTHING
    # A second list that must allow as well: the application's own beside its token's.
    bounds: Scopes = EVERYTHING

    def may(self, resource_type: str, letters: str) -> bool:
        return self.scopes.allow(resource_type, letters) and self.bounds.allow(
            resource_type, letters
        )
