"""What is said about who somebody is."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register(
        "person.merged",
        _("Your record was reconciled; tell us if wrong {link}"),
        "N",
        legal=True,
    )
    register("match.overdue", _("{n} possible doubles wait for five working days"), "N")
    register("guardian.ending", _("On {date} the time in which one of you acts ends"), "N")
    register("guardian.ended", _("Since {date} nobody acts for the other any more"), "N")
    register("person.temporary", _("{n} temporary numbers still need an ID"), "N")
