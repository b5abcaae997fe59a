"""The lengths that an institution or the province may set, as rules of the house."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from consult.requests import previews
from telemed.core import policies
from telemed.core.models import Calendar

TRIAGE = "case.triage"
# (clock, emergency): the rule that holds its promise.
LENGTHS = {
    ("case.accept", False): "case.accept",
    ("case.accept", True): "case.accept.emergency",
    ("offer.accept", False): "case.accept.mdt",
    ("case.schedule", False): "case.schedule",
    ("case.done", False): "case.done",
    ("case.done", True): "case.done.emergency",
    ("case.receipt", False): "case.receipt",
    ("case.receipt", True): "case.receipt.emergency",
}
GROUP = _("Consults")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def clock_of(rule: str) -> str:
    """The clock whose promise a rule holds."""
    return next(clock for (clock, _emergency), name in LENGTHS.items() if name == rule)


def define() -> None:
    """Called in ready(). Working time is that of the side that must act."""
    for name, label, hours in (
        ("case.accept", _("First answer to a consult"), 4),
        ("case.accept.mdt", _("Answer of each doctor to a joint consult"), 8),
        ("case.schedule", _("Time of a joint consult"), 24),
        ("case.done", _("Opinion after accepting"), 16),
        ("case.receipt", _("Receipt after the opinion"), 16),
    ):
        policies.define(
            name,
            label=label,
            kind=policies.Duration(calendar=Calendar.WORKING, least=HOUR / 2, most=80 * HOUR),
            default=hours * HOUR,
            group=GROUP,
            preview=previews.keep_their_promise(clock_of(name), emergency=False),
            help=_("Half of it is the reminder; afterwards the ladder is climbed."),
        )
    for name, label, minutes in (
        ("case.accept.emergency", _("First answer to an emergency"), 5),
        ("case.done.emergency", _("Opinion in an emergency"), 120),
        ("case.receipt.emergency", _("Receipt in an emergency"), 120),
    ):
        policies.define(
            name,
            label=label,
            kind=policies.Duration(most=12 * HOUR),
            default=minutes * MINUTE,
            group=GROUP,
            preview=previews.keep_their_promise(clock_of(name), emergency=True),
            help=_("Nights and holidays count."),
        )
    policies.define(
        TRIAGE,
        label=_("A coordinator sorts requests first"),
        kind=policies.Switch(),
        default=False,
        group=GROUP,
        preview=previews.wait_to_be_sorted,
        help=_("Emergencies never wait; unsorted ones go to the doctors after 30 minutes."),
    )
