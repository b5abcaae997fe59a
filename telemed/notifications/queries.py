"""Reads that need a name."""

from telemed.notifications.models import Notification
from telemed.people.models import User


def count_waiting(actor: User) -> int:
    """The badge's number."""
    return Notification.objects.waiting().filter(recipient=actor).count()


def inbox(actor: User, before: str = "", limit: int = 30) -> list[Notification]:
    """Newest first; `before` is the last id of the page above."""
    mine = Notification.objects.filter(recipient=actor)
    if before:
        mine = mine.filter(pk__lt=before)
    return list(mine.order_by("-id")[:limit])
