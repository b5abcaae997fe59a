"""What is said about a room."""

from django.utils.translation import gettext_noop as text

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("room.opened", text("Room {no} is open {link}"), "U")
    register("room.waiting", text("{org} is waiting in room {no}"), "U")
    register("room.held", text("Room {no} on hold: your doctor is missing. Or dial {phone}"), "U")
    register("room.ended", text("Room {no} has ended"), "Q")
    register("room.invite", text("You are invited to a room, one use {link}"), "U")
