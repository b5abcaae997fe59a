"""What cases ask of the opinions, which lie above: filled by consult.opinions in ready()."""

from collections.abc import Callable

from django.db.models import BooleanField, Value
from django.db.models.expressions import Combinable

from telemed.people.models import User

WritesAlong = Callable[[User], Combinable]

_writes_along: WritesAlong | None = None


def connect(*, writes_along: WritesAlong) -> None:
    """Called once, by whoever keeps the drafts."""
    global _writes_along
    _writes_along = writes_along


def writes_along(actor: User) -> Combinable:
    """Of a case in a query: whether this doctor was asked to write along on its opinion."""
    return _writes_along(actor) if _writes_along else Value(False, BooleanField())
