"""When an unread message goes further, as rules of the house."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from telemed.core import policies
from telemed.core.policies.previewing import count_clocks
from telemed.notifications.messages import Urgency

SECOND, PHONE, CALL = "notification.second", "notification.phone", "notification.phone.emergency"
PHONES = {Urgency.URGENT: PHONE, Urgency.EMERGENCY: CALL}
GROUP = _("Messages")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def define() -> None:
    """Called in ready()."""
    for name, label, minutes in (
        (SECOND, _("An urgent message that is not read also goes out by SMS or e-mail after"), 3),
        (PHONE, _("An urgent message that is not read is phoned after"), 10),
        (CALL, _("An emergency message that is not read is phoned after"), 5),
    ):
        policies.define(
            name,
            label=label,
            kind=policies.Duration(most=2 * HOUR),
            default=minutes * MINUTE,
            group=GROUP,
            preview=count_clocks(SECOND if name == SECOND else PHONE),
            help=_("Off shift only hours of work count, unless the matter is pressing."),
            province_only=True,
        )


def phone_after(urgency: Urgency | str) -> timedelta:
    """From when on somebody has to phone about a message of that class."""
    after: timedelta = policies.value(PHONES[Urgency(urgency)])
    return after
