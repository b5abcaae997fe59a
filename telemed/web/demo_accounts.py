"""The port through which a demonstration offers its accounts on the sign-in page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """One button. `does` says in a few words what this person comes to do."""

    username: str
    name: str
    place: str
    role: str
    does: str


@dataclass(frozen=True)
class Offer:
    """The accounts, and the address that signs in whoever is posted as `username`."""

    url: str
    accounts: Sequence[DemoAccount]


Source = Callable[[], Sequence[DemoAccount]]
_source: tuple[Source, str] | None = None


def connect(source: Source | None, *, sign_in: str = "") -> None:
    """Called by the demonstration in ready(), with the name of its sign-in address."""
    global _source
    _source = (source, sign_in) if source else None


def offered() -> Offer | None:
    """Nothing outside demo mode, whatever is connected."""
    if _source is None or not settings.DEMO:
        return None
    source, sign_in = _source
    return Offer(reverse(sign_in), source())
