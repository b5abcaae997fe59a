"""What is said about sessions."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("session.to_stop", _("{n} sessions of {who} to be stopped: {reason} {link}"), "U")
    register("session.withheld", _("{n} sessions of {who} did not open: {reason} {link}"), "U")
