"""What is said to the owner of a subscription."""

from django.utils.translation import gettext_noop as text

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("subscription.error", text("Subscription {no} keeps failing; off after {time}"), "N")
