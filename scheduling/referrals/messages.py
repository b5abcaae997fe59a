"""What is said about a referral: staff and institutions by name, the patient never."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("referral.sent", _("Referral {no} from {org}; answer by {time}"), "U")
    register("referral.asked", _("{who} asks about referral {no} {link}"), "U")
    register("referral.answered", _("Referral {no}: the answer is in"), "U")
    register("referral.accepted", _("Referral {no}: {time}, {org}, {place}"), "U", resident="N")
    register("referral.unaccepted", _("Referral {no}: {org} takes its answer back"), "U")
    register("referral.taken", _("Referral {no} was accepted by {org}"), "Q")
    register("referral.declined", _("Referral {no} did not go through: {reason}"), "U")
    register("referral.cancelled", _("Referral {no} was withdrawn: {reason}"), "N")
    register("referral.expired", _("Referral {no} was not answered; ask another hospital"), "U")
    register("referral.down_expired", _("Referral {no} was not answered; ask another clinic"), "U")
    register("referral.unanswered", _("Referral {no} from {org} is not answered yet"), "U")
    register(
        "referral.widened", _("Referral {no} is not answered; the next hospital is asked"), "U"
    )
    register("referral.died", _("Referral {no}: the patient has died"), "N")
    register("referral.arrived", _("Referral {no} has arrived"), "N")
    register("referral.missed", _("Referral {no} did not arrive; please call"), "U")
    register("referral.yours", _("Referral {no} of {who} is yours now {link}"), "N")
    register("referral.moved", _("Referral {no} is expected at another time: {time}"), "N")
    register("referral.unbooked", _("Referral {no}: the visit was cancelled; name a new time"), "U")
    register(
        "referral.handed_back",
        _("Referral {no} is back with a plan {link}"),
        "U",
        by_number=_("Referral {no} is back with a plan; ask {phone}"),
    )
    register("referral.plan_taken", _("Referral {no}: {who} has taken the plan over"), "Q")
    register("referral.no_handback", _("Referral {no} was not handed back in time"), "U")
    register(
        "referral.plan_here", _("Referral {no} has arrived; its plan waits to be taken over"), "U"
    )
    register(
        "referral.plan_waits", _("Referral {no} is back; its plan waits to be taken over"), "U"
    )
