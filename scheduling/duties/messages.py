"""What is said about duties; nobody is named but staff."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("duty.due", _("{n} services are due this week {link}"), "Q")
    register("duty.missed", _("{n} services are overdue {link}"), "Q")
    register(
        "duty.confirm",
        _("{who} served you on {date}: done? Reply 1 yes, 2 no {link}"),
        "N",
        by_number=_("{who} served you on {date}: done? Reply 1 yes, 2 no"),
    )
    register("duty.disputed", _("A resident disputes {date}; please check {link}"), "N")
    register("duty.recheck_due", _("A recheck after a warning is due by {date} {link}"), "N")
    register(
        "duty.recheck_late", _("A recheck after a warning, due {date}, is not done {link}"), "U"
    )
    register("duty.proposed", _("High on three days, the last {date}: please judge {link}"), "N")
    register("duty.risk", _("A pregnancy at high risk: please refer her {link}"), "U")
    register("duty.warned", _("A warning value was measured on {date} {link}"), "U")
