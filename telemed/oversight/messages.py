"""What is said about public needs and risk signals."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("demand.routed", _("Public need {no} awaits your answer by {date}"), "N")
    register("demand.state", _("Your need {no}: {state} {link}"), "N")
    register("signal.raised", _("Risk signal {no}: please check and explain"), "N")
    register("signal.escalated", _("Risk signal {no} was escalated"), "U")
