"""The texts of the slices below this one: people, agreements, the system itself."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    _of_people()
    _of_the_network()
    _of_the_system()


def _of_people() -> None:
    register("account.invite", _("{org} invites you to activate your account {link}"), "N")
    register("account.code", _("Code {code}, valid 5 min. Tell nobody"), "E", legal=True)
    register("reply.whom", _("Several are asked: add the ID card's last 4, as in 1 5511"), "N")
    register("licence.ending", _("The licence of {who} ends {date}"), "N")
    register(
        "licence.stopped",
        _("Your licence is {state}; you cannot accept or sign"),
        "U",
        legal=True,
    )
    register("licence.suspended", _("{who} is suspended; {n} items to hand over"), "U")
    for key, text, urgency in (
        ("rota.published", _("The rota from {date} is out"), "N"),
        ("rota.missing", _("The rota from {date} is not published yet"), "N"),
        ("shift.handover", _("Shift change: {n} items to confirm"), "U"),
        (
            "shift.absent",
            _("Nobody has taken over from {who} since {time}: {n} items open"),
            "U",
        ),
        ("shift.swap", _("{who} asks to swap {time} with you"), "N"),
        ("shift.swapped", _("{who} takes your shift {time}"), "N"),
        ("shift.swap_declined", _("{who} cannot take your shift {time}"), "N"),
    ):
        register(key, text, urgency)


def _of_the_network() -> None:
    for key, text in (
        ("agreement.proposed", _("{org} proposes an agreement")),
        ("agreement.rejected", _("{org} rejected the agreement")),
        ("agreement.activated", _("The agreement with {org} is in force")),
        ("agreement.suspended", _("The agreement with {org} is suspended")),
        ("agreement.ending", _("Agreement with {org} ends {date}")),
        ("agreement.ended", _("The agreement with {org} has ended")),
        ("settlement.ready", _("Statement of {date} awaits you")),
        ("settlement.confirmed", _("The statement of {date} is confirmed")),
        ("settlement.disputed", _("{n} lines of {date} are disputed")),
        ("settlement.undecided", _("A dispute about {date} waits for your decision")),
    ):
        register(key, text, "N")


def _of_the_system() -> None:
    register("clock.remind", _("{no}: {left} left, {state}"), "N")
    register("clock.overdue", _("{no} is {left} overdue; please act, {phone}"), "U")
