"""What is said about public needs, silent institutions and risk signals."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("demand.routed", _("Public need {no} awaits your answer by {date}"), "N")
    register("demand.state", _("Your need {no}: {state} {link}"), "N")
    register("silence.asked", _("Nothing was asked since {date}. Please say why {link}"), "N")
    register("silence.told", _("{org} asks nothing since {date}: please look {link}"), "N")
    register("signal.raised", _("Risk signal {no}: please check and explain"), "N")
    register("signal.asked", _("Please explain risk signal {no}"), "N")
    register("signal.explained", _("Risk signal {no} is explained: please decide"), "N")
    register(
        "signal.unexplained", _("Risk signal {no} is not explained yet: please see to it"), "N"
    )
    register("signal.undecided", _("Risk signal {no} is explained and not decided yet"), "N")
    register("signal.escalated", _("Risk signal {no} was escalated"), "U")
