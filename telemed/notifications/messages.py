"""What notifications say, by key. At most 70 characters in Chinese; never a patient in them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

TEMPLATES = {
    "case.emergency": gettext_noop("Emergency {no} from {org}: answer now. Phone {phone}"),
    "case.offered": gettext_noop("Consult {no} from {org} awaits you; answer by {time}"),
    "case.taken": gettext_noop("Consult {no} was accepted by {who}"),
    "case.accepted": gettext_noop("{who} of {answering} accepted consult {no}"),
    "case.declined": gettext_noop("Consult {no} declined: {reason}"),
    "case.escalated": gettext_noop("Nobody answered consult {no} from {org}; please assign it"),
    "case.assigned": gettext_noop("{who} assigned consult {no} to you; answer by {time}"),
    "case.late": gettext_noop("The opinion on {no} is overdue"),
    "case.no_receipt": gettext_noop("The opinion on {no} still waits for your receipt"),
    "case.receipt": gettext_noop("Your opinion {no}: {state}"),
    "case.closed": gettext_noop("Consult {no} is closed"),
    "case.cancelled": gettext_noop("Consult {no} was cancelled: {reason}"),
    "room.waiting": gettext_noop("{org} is waiting in the room of consult {no}"),
    "opinion.signed": gettext_noop("The opinion on {no} is signed"),
    "opinion.amended": gettext_noop("{no} has a new version; please read it"),
    "agreement.proposed": gettext_noop("{org} proposes an agreement"),
    "agreement.rejected": gettext_noop("{org} rejected the agreement"),
    "agreement.activated": gettext_noop("The agreement with {org} is in force"),
    "agreement.suspended": gettext_noop("The agreement with {org} is suspended"),
    "agreement.ending": gettext_noop("Agreement with {org} ends {date}"),
    "agreement.ended": gettext_noop("The agreement with {org} has ended"),
    "settlement.ready": gettext_noop("Statement of {date} awaits you"),
    "settlement.confirmed": gettext_noop("The statement of {date} is confirmed"),
    "settlement.disputed": gettext_noop("{n} lines of {date} are disputed"),
    "settlement.undecided": gettext_noop("A dispute about {date} waits for your decision"),
    "licence.ending": gettext_noop("The licence of {who} ends {date}"),
    "licence.suspended": gettext_noop("{who} is suspended; {n} items to hand over"),
    "licence.stopped": gettext_noop("Your licence is {state}; you cannot accept or sign"),
    "rota.published": gettext_noop("The rota from {date} is out"),
    "rota.missing": gettext_noop("The rota from {date} is not published yet"),
    "shift.handover": gettext_noop("Shift change: {n} items to confirm"),
    "shift.absent": gettext_noop("Nobody has taken over from {who} since {time}: {n} items open"),
    "shift.swap": gettext_noop("{who} asks to swap {time} with you"),
    "shift.swapped": gettext_noop("{who} takes your shift {time}"),
    "shift.swap_declined": gettext_noop("{who} cannot take your shift {time}"),
}


def render(template: str, facts: dict[str, Any]) -> str:
    """The sentence in the active language."""
    return _(TEMPLATES[template]).format(**facts)
