"""What is said about public needs and risk signals."""

from django.utils.translation import gettext_noop as text

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("demand.routed", text("Public need {no} awaits your answer by {date}"), "N")
    register("demand.state", text("Your need {no}: {state} {link}"), "N")
    register("signal.raised", text("Risk signal {no}: please check and explain"), "N")
    register("signal.escalated", text("Risk signal {no} was escalated"), "U")
