"""Reads that need a name."""

from uuid import UUID

from django.utils.translation import gettext as _

from telemed.core.errors import Malformed, NotFound
from telemed.notifications.models import Notification
from telemed.people.models import User


def count_waiting(actor: User) -> int:
    """The badge's number."""
    return Notification.objects.waiting().filter(recipient=actor).count()


def inbox(actor: User, before: str = "", limit: int = 30) -> list[Notification]:
    """Newest first; `before` is the last id of the page above. Malformed when it is no id."""
    mine = Notification.objects.filter(recipient=actor)
    if before:
        mine = mine.filter(pk__lt=_parsed(before))
    return list(mine.order_by("-id")[:limit])


def get_notification(actor: User, pk: UUID) -> Notification:
    """One of the actor's own messages."""
    found = Notification.objects.filter(recipient=actor, pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such message in your inbox."))
    return found


def _parsed(identifier: str) -> UUID:
    try:
        return UUID(identifier)
    except ValueError:
        raise Malformed(_("That is not the number of a message."), path="before") from None
