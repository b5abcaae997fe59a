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
    "case.no_receipt": gettext_noop("Consult {no} closed without receipt; please add it"),
    "case.receipt": gettext_noop("Your opinion {no}: {state}"),
    "case.closed": gettext_noop("Consult {no} is closed"),
    "case.cancelled": gettext_noop("Consult {no} was cancelled: {reason}"),
    "case.triage": gettext_noop("Consult {no} from {org} waits to be sorted"),
    "case.unanswered": gettext_noop("Nobody has answered consult {no} yet; the coordinator knows"),
    "case.substitutes": gettext_noop("Consult {no} is not answered; another doctor can be asked"),
    "case.widened": gettext_noop("Consult {no} is not answered; the next hospital is asked"),
    "case.phone": gettext_noop("Emergency {no} is not answered: phone the doctors now. {phone}"),
    "case.refer": gettext_noop("Emergency {no} is not answered; consider referring. {phone}"),
    "case.promised": gettext_noop("{who} is coming to consult {no}"),
    "case.expired": gettext_noop("Consult {no} was not answered; you can ask {org}"),
    "case.asked": gettext_noop("{who} asks for {n} items on {no}"),
    "case.answered": gettext_noop("{no}: the missing items are in"),
    "case.handover": gettext_noop("{who} hands consult {no} to you; please confirm"),
    "case.regraded": gettext_noop("Consult {no} is now: {state}"),
    "case.proposed": gettext_noop("{who} proposes {time} for consult {no}"),
    "case.scheduled": gettext_noop("Consult {no} is set for {time}"),
    "case.meet_now": gettext_noop("Consult {no} begins now; please enter the room"),
    "case.missed": gettext_noop("Consult {no}: one side did not come; set a new time"),
    "case.nobody_in_room": gettext_noop("Consult {no}: nobody has met yet. Phone {phone}"),
    "case.mode": gettext_noop("Consult {no} is now: {state}"),
    "case.receipt_due": gettext_noop("The opinion on {no} still waits for the receipt"),
    "case.consent_due": gettext_noop("Consult {no} went before consent; please take it now"),
    "case.outcome_due": gettext_noop("{no}: how is the patient after {n} days?"),
    "case.outcome": gettext_noop("{no}, day {n} outcome: {state}"),
    "case.uncancelled": gettext_noop("Consult {no} goes on; it was not cancelled"),
    "case.draft_ends": gettext_noop("A consult request that you began ends in a week"),
    "clock.remind": gettext_noop("{no}: the time for {state} runs out"),
    "clock.overdue": gettext_noop("{no} is overdue: {state}. Phone {phone}"),
    "room.waiting": gettext_noop("{org} is waiting in the room of consult {no}"),
    "opinion.signed": gettext_noop("The opinion on {no} is signed"),
    "opinion.amended": gettext_noop("{no} has a new version; please read it"),
}


def render(template: str, facts: dict[str, Any]) -> str:
    """The sentence in the active language."""
    return _(TEMPLATES[template]).format(**facts)
