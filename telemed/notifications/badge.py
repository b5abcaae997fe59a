"""What the badge of an open page shows."""

from telemed.notifications.messages import render
from telemed.notifications.models import Notification
from telemed.people.models import User


def badge(*, actor: User) -> tuple[int, str]:
    """How many messages wait, and the newest of them as a sentence ("" when none waits)."""
    waiting = Notification.objects.waiting().filter(recipient=actor).order_by("-id")
    newest = waiting.first()
    return waiting.count(), render(newest.template, newest.facts) if newest else ""
