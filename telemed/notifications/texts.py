"""The texts of the slices below this one: people, agreements, the system itself."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    _of_people()
    _of_the_system()


def _of_people() -> None:
    register("account.invite", _("{org} invites you to activate your account {link}"), "N")
    register("account.code", _("Code {code}, valid 5 min. Tell nobody"), "E", legal=True)
    register("licence.ending", _("Your licence ends {date}"), "N")
    register("licence.suspended", _("{who} is suspended; {n} items to hand over"), "U", legal=True)
    register("agreement.proposed", _("{org} proposes an agreement"), "N")
    register("agreement.ending", _("Agreement with {org} ends {date}"), "N")
    register("rota.published", _("The rota from {date} is out"), "N")
    register("shift.swap", _("{who} asks to swap {time} with you"), "N")
    register("shift.handover", _("Shift change: {n} items to confirm"), "U")


def _of_the_system() -> None:
    register("clock.remind", _("{no}: {left} left, {state}"), "N")
    register("clock.overdue", _("{no} is {left} overdue; please act, {phone}"), "U")
    register("outbox.dead", _("{n} events failed and wait for you"), "U")
    register("settlement.ready", _("Statement of {date} awaits you"), "N")
    register("settlement.disputed", _("{n} lines of {date} are disputed"), "N")
