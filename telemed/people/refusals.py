"""For doors: what must be counted although the refused intention rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from telemed.core.intentions import intention
from telemed.people import signing
from telemed.people.models import User


@contextmanager
def counting_wrong_pins(user: User, *, door: str) -> Iterator[None]:
    """Around the intention that signs. The wrong PIN rises on, counted."""
    try:
        yield
    except signing.WrongPin:
        with intention(user, door=door):
            signing.note_failure(user=user)
        raise
