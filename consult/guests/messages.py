"""What is said to a guest; the patient is never named."""

from django.utils.translation import gettext_noop as _

from consult.guests.secrets import path_of
from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready(). Urgent: they are waited for, also in quiet hours."""
    register("room.invite", _("{org} asks you in: {link}"), "U", address=path_of)
