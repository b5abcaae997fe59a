"""The texts of the slices below this one: people, agreements, the system itself."""

from django.utils.translation import gettext_noop as text

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    _of_people()
    _of_the_system()


def _of_people() -> None:
    register("account.invite", text("{org} invites you to activate your account {link}"), "N")
    register("account.code", text("Code {code}, valid 5 min. Tell nobody"), "E", legal=True)
    register("licence.ending", text("Your licence ends {date}"), "N")
    register(
        "licence.suspended", text("{who} is suspended; {n} items to hand over"), "U", legal=True
    )
    register("agreement.proposed", text("{org} proposes an agreement"), "N")
    register("agreement.ending", text("Agreement with {org} ends {date}"), "N")
    register("rota.published", text("The rota from {date} is out"), "N")
    register("shift.swap", text("{who} asks to swap {time} with you"), "N")
    register("shift.handover", text("Shift change: {n} items to confirm"), "U")


def _of_the_system() -> None:
    register("clock.remind", text("{no}: {left} left, {state}"), "N")
    register("clock.overdue", text("{no} is {left} overdue; please act, {phone}"), "U")
    register("outbox.dead", text("{n} events failed and wait for you"), "U")
    register("settlement.ready", text("Statement of {date} awaits you"), "N")
    register("settlement.disputed", text("{n} lines of {date} are disputed"), "N")
