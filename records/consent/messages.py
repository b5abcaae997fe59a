"""What is said about consent, emergency access, objections and seals: legal notices all."""

from django.utils.translation import gettext_noop as text

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    for key, said, urgency in (
        ("consent.given", text("You allowed {org}: {state}. Withdraw any time {link}"), "N"),
        ("consent.withdrawn", text("A consent was withdrawn; the page is closed"), "N"),
        (
            "breakglass.opened",
            text("{who}, {org}, opened the record of {kin} in an emergency {link}"),
            "U",
        ),
        (
            "breakglass.review",
            text("Emergency access by {who}, {org}: review by {time} {link}"),
            "U",
        ),
        ("breakglass.reviewed", text("Emergency access reviewed: {state}"), "N"),
        ("breakglass.overdue", text("{n} emergency accesses unreviewed for 24 h"), "U"),
        ("objection.filed", text("Objection {no} received; answer within 15 days"), "N"),
        ("objection.answered", text("Objection {no} has an answer {link}"), "N"),
        ("seal.closed", text("Sealing {no} is done"), "N"),
    ):
        register(key, said, urgency, legal=True)
