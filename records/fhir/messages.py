"""What is said to the owner of a subscription."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("subscription.error", _("Subscription {no} keeps failing; off after {time}"), "N")
