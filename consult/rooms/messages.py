"""What is said about a room."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("room.opened", _("Room {no} is open {link}"), "N")
    register("room.waiting", _("{org} is waiting in room {no}"), "U")
    register("room.held", _("Room {no} on hold: your doctor is missing. Or dial {phone}"), "U")
    register("room.missing", _("Room {no}: a doctor of {org} is missing. Or dial {phone}"), "U")
    register("room.ended", _("Room {no} has ended"), "Q")
    register("room.invited", _("{org} asks you into room {no}"), "U")
