"""What is said about consent, emergency access, objections and seals: legal notices all."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    for key, said, urgency in (
        ("consent.given", _("You allowed {org}: {state}. Withdraw any time {link}"), "N"),
        ("consent.withdrawn", _("A consent was withdrawn; the page is closed"), "N"),
        (
            "breakglass.opened",
            _("{who}, {org}, opened the record of {kin} in an emergency {link}"),
            "U",
        ),
        (
            "breakglass.review",
            _("Emergency access by {who}, {org}: review by {time} {link}"),
            "U",
        ),
        ("breakglass.reviewed", _("Emergency access reviewed: {state}"), "N"),
        ("breakglass.overdue", _("{n} emergency accesses unreviewed for 24 h"), "U"),
        ("objection.filed", _("Objection {no} received; answer within 15 days"), "N"),
        ("objection.answered", _("Objection {no} has an answer {link}"), "N"),
        ("seal.closed", _("Sealing {no} is done"), "N"),
    ):
        register(key, said, urgency, legal=True)
