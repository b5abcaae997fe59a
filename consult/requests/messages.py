"""What is said about a case: staff and institutions by name, the patient never."""

from django.utils.translation import gettext_noop as text

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    _while_it_waits()
    _once_it_is_held()


def _while_it_waits() -> None:
    register("case.emergency", text("Emergency {no} from {org}: answer now. Phone {phone}"), "E")
    register("case.offered", text("Consult {no} from {org} awaits you; answer by {time}"), "U")
    register("case.taken", text("Consult {no} was accepted by {who}"), "Q")
    register("case.declined", text("Consult {no} declined: {reason}. Next one asked"), "N")
    register(
        "case.escalated", text("Nobody answered consult {no} from {org}; please assign it"), "U"
    )
    register("case.assigned", text("{who} assigned consult {no} to you; answer by {time}"), "U")
    register("case.expired", text("Consult {no} was not answered; you can ask {org}"), "U")
    register("case.cancelled", text("Consult {no} was cancelled: {reason}"), "N")
    register("case.asked", text("{who} asks for {n} items on {no} {link}"), "U")
    register("case.answered", text("{no}: the missing items are in"), "U")


def _once_it_is_held() -> None:
    register("case.accepted", text("{who} of {org} accepted consult {no}"), "U")
    register("case.handover", text("{who} hands consult {no} to you; please confirm"), "U")
    register("case.scheduled", text("Consult {no} is set for {time} {link}"), "N")
    register("case.mode", text("Consult {no} is now {state}"), "N")
    register("case.missed", text("Consult {no}: one side did not come; set a new time"), "U")
    register("case.late", text("The opinion on {no} is overdue"), "U")
    register("case.receipt", text("Your opinion {no}: {state}"), "N")
    register("case.receipt_late", text("The opinion on {no} still waits for your receipt"), "U")
    register("case.outcome", text("{no}, day {n} outcome: {state}"), "Q")
    register("case.closed", text("Consult {no} is closed"), "Q")
    register(
        "case.no_receipt", text("Consult {no} closed without receipt; please add it {link}"), "N"
    )
