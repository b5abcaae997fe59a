"""What is said about a case: staff and institutions by name, the patient never."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    _while_it_waits()
    _once_it_is_held()


def _while_it_waits() -> None:
    register("case.emergency", _("Emergency {no} from {org}: answer now. Phone {phone}"), "E")
    register("case.offered", _("Consult {no} from {org} awaits you; answer by {time}"), "U")
    register("case.taken", _("Consult {no} was accepted by {who}"), "Q")
    register("case.declined", _("Consult {no} declined: {reason}. Next one asked"), "N")
    register("case.escalated", _("Nobody answered consult {no} from {org}; please assign it"), "U")
    register("case.assigned", _("{who} assigned consult {no} to you; answer by {time}"), "U")
    register("case.expired", _("Consult {no} was not answered; you can ask {org}"), "U")
    register("case.cancelled", _("Consult {no} was cancelled: {reason}"), "N")
    register("case.asked", _("{who} asks for {n} items on {no} {link}"), "U")
    register("case.answered", _("{no}: the missing items are in"), "U")


def _once_it_is_held() -> None:
    register("case.accepted", _("{who} of {org} accepted consult {no}"), "U")
    register("case.handover", _("{who} hands consult {no} to you; please confirm"), "U")
    register("case.scheduled", _("Consult {no} is set for {time} {link}"), "N")
    register("case.mode", _("Consult {no} is now {state}"), "N")
    register("case.missed", _("Consult {no}: one side did not come; set a new time"), "U")
    register("case.late", _("The opinion on {no} is overdue"), "U")
    register("case.receipt", _("Your opinion {no}: {state}"), "N")
    register("case.receipt_due", _("The opinion on {no} still waits for the receipt"), "U")
    register("case.outcome", _("{no}, day {n} outcome: {state}"), "Q")
    register("case.closed", _("Consult {no} is closed"), "Q")
    register("case.no_receipt", _("Consult {no} closed without receipt; please add it {link}"), "N")
