"""What can go wrong, named once. Each door renders these in its own words."""

from enum import StrEnum, auto
from typing import ClassVar


class Kind(StrEnum):
    MALFORMED = auto()
    TOO_LARGE = auto()
    INVALID = auto()
    UNAUTHENTICATED = auto()
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    GONE = auto()
    CONFLICT = auto()
    STALE = auto()
    UNAVAILABLE = auto()


class DomainError(Exception):
    """A refusal. `message` is for people, in their language; `path` says which input was wrong."""

    kind: ClassVar[Kind]

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path  # e.g. "Appointment.status"


class Malformed(DomainError):
    """It can't be read at all."""

    kind = Kind.MALFORMED


class TooLarge(DomainError):
    """Over a stated limit."""

    kind = Kind.TOO_LARGE


class Invalid(DomainError):
    """It can be read and breaks a rule."""

    kind = Kind.INVALID


class Unauthenticated(DomainError):
    """Nobody is signed in, or the token is dead."""

    kind = Kind.UNAUTHENTICATED


class Forbidden(DomainError):
    """Seen, but not this person's to do."""

    kind = Kind.FORBIDDEN


class NotFound(DomainError):
    """Absent, or hidden: the two look the same."""

    kind = Kind.NOT_FOUND


class Gone(DomainError):
    """It was there and was deleted."""

    kind = Kind.GONE


class Conflict(DomainError):
    """The state, or somebody else, does not allow it now."""

    kind = Kind.CONFLICT


class Stale(DomainError):
    """The caller acted on an older version than the present one."""

    kind = Kind.STALE


class Unavailable(DomainError):
    """It may work later."""

    kind = Kind.UNAVAILABLE


def require(condition: bool, message: str) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise Forbidden(message)
