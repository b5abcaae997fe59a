"""What is said about recordings."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("recording.disk", _("Disk full: the recording of room {no} stopped"), "U")
