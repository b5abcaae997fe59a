"""Telling people, once."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from telemed.core.doorbells import ring_group
from telemed.core.intentions import require_intention
from telemed.notifications.messages import TEMPLATES
from telemed.notifications.models import Notification
from telemed.people.models import User


def notify(
    *,
    recipient: User,
    template: str,
    about: UUID,
    url: str,
    urgent: bool = False,
    turn: int = 0,
    **facts: Any,
) -> Notification | None:
    """Put a message in somebody's inbox; None when they were told already."""
    require_intention()
    if template not in TEMPLATES:
        raise KeyError(template)
    notification, new = Notification.objects.get_or_create(
        recipient=recipient,
        template=template,
        about=about,
        turn=turn,
        defaults={"urgent": urgent, "facts": facts, "url": url},
    )
    if not new:
        return None
    ring_inbox(recipient.pk)
    return notification


def mark_read(*, actor: User, about: UUID | None = None, pk: UUID | None = None) -> int:
    """Opening the subject settles its messages."""
    require_intention()
    mine = Notification.objects.waiting().filter(recipient=actor)
    if about:
        mine = mine.filter(about=about)
    if pk:
        mine = mine.filter(pk=pk)
    count = mine.update(read_at=timezone.now())
    if count:
        ring_inbox(actor.pk)
    return count


def ring_inbox(user_id: UUID) -> None:
    """Make the badge of that account look again."""
    require_intention()
    ring_group(Notification.group(user_id), type="inbox.rang")
