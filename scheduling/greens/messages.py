"""What is said about a green channel: staff and institutions by name, the patient never."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("green.called", _("Green channel {no} from {org}: acknowledge now"), "E")
    register("green.unanswered", _("Green channel {no} from {org} is not acknowledged"), "E")
    register("green.nobody", _("Green channel {no}: ring {org}, nobody acknowledged"), "E")
    register("green.acknowledged", _("Green channel {no}: {who} of {org} has it"), "U")
    register("green.due", _("Green channel {no}: {state} is due by {time}"), "U")
    register("green.late", _("Green channel {no}: {state} was due at {time}"), "E")
    register("green.missed", _("Green channel {no}: not here by {time}; ring the crew or 120"), "E")
    register("green.arrived", _("Green channel {no}: at the hospital door"), "N")
    register("green.ended", _("Green channel {no} has ended: {reason}"), "N")
    register("green.taken_back", _("Green channel {no} was taken back: {reason}"), "E")
