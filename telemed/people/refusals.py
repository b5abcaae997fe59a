"""For doors: what must be counted although the refused intention rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from telemed.core.intentions import intention
from telemed.people import queries, signing
from telemed.people.models import User


@contextmanager
def counting_wrong_pins(user: User, *, door: str) -> Iterator[None]:
    """Around the intention that unwraps the key: a wrong PIN rises on, saying how many are left."""
    try:
        yield
    except signing.WrongPin as error:
        with intention(user, door=door):
            signing.note_failure(user=user)
            left = queries.tries_left(user)
        raise signing.WrongPin(_with_tries(error.message, left), path=error.path) from error


def _with_tries(message: str, left: int | None) -> str:
    if not left:
        return _("{message} Signing is locked for a while.").format(message=message)
    rest = ngettext("{n} try is left.", "{n} tries are left.", left).format(n=left)
    return f"{message} {rest}"
