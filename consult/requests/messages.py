"""What is said about a case: staff and institutions by name, the patient never."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    _while_it_waits()
    _when_nobody_answers()
    _once_it_is_held()
    _once_it_is_signed()


def _while_it_waits() -> None:
    register("case.emergency", _("Emergency {no} from {org}: answer now. Phone {phone}"), "E")
    register("case.triage", _("Consult {no} from {org} waits to be sorted"), "U")
    register("case.offered", _("Consult {no} from {org} awaits you; answer by {time}"), "U")
    register("case.taken", _("Consult {no} was accepted by {who}"), "Q")
    register(
        "case.given_back",
        _("{who} gave consult {no} back: {reason}. It is asked again"),
        "U",
    )
    register("case.declined", _("Consult {no} declined: {reason}. Next one asked"), "N")
    register("case.assigned", _("{who} assigned consult {no} to you; answer by {time}"), "U")
    register(
        "case.convene", _("Joint consult {no} from {org} waits to be set up: doctors and time"), "U"
    )
    register("case.invited", _("Joint consult {no} from {org}, {time}: can you take part?"), "U")
    register("case.chair", _("Joint consult {no} from {org}, {time}: can you chair it?"), "U")
    register(
        "case.replace", _("{who} does not take part in {no} ({reason}); invite another doctor"), "U"
    )
    register(
        "case.seat_empty",
        _("{who} is not in {no} ({reason}); the coordinator asks another"),
        "N",
    )
    register("case.seat_taken", _("{who} takes the seat of {old} in {no}"), "N")
    register("case.unscheduled", _("Joint consult {no} has no agreed time yet"), "U")
    register("case.promised", _("{who} is coming to consult {no}"), "U")
    register("case.regraded", _("Consult {no} is now: {state}"), "U")
    register("case.asked", _("{who} asks for {n} items on {no} {link}"), "U")
    register("case.answered", _("{no}: the missing items are in"), "U")
    register("case.message", _("{who} wrote to you about consult {no}"), "N")
    register("case.transferred", _("Consult {no}: the patient is referred to {org} instead"), "N")
    register("case.cancelled", _("Consult {no} was cancelled: {reason}"), "N")
    register("case.died", _("The patient of {no} has died; finish or withdraw it"), "N")
    register("case.uncancelled", _("Consult {no} goes on; it was not cancelled"), "U")
    register("case.draft_ends", _("A consult request that you began ends in a week"), "Q")


def _when_nobody_answers() -> None:
    register("case.escalated", _("Nobody answered consult {no} from {org}; please assign it"), "U")
    register(
        "case.unanswered", _("Nobody has answered consult {no} yet; the coordinator knows"), "U"
    )
    register(
        "case.substitutes", _("Consult {no} is not answered; another doctor can be asked"), "U"
    )
    register("case.widened", _("Consult {no} is not answered; the next hospital is asked"), "U")
    register("case.passed_up", _("Consult {no} from {org} is not answered: find who can"), "U")
    register(
        "case.no_route", _("No hospital could answer {no}; passed to the coordinator of {who}"), "U"
    )
    register("case.passed_on", _("Consult {no} was passed to {who}: {reason}"), "U")
    register("case.phone", _("Emergency {no} is not answered: phone the doctors now. {phone}"), "E")
    register("case.refer", _("Emergency {no} is not answered; consider referring. {phone}"), "E")
    register("case.expired", _("Consult {no} was not answered; you can ask {org}"), "U")


def _once_it_is_held() -> None:
    register("case.accepted", _("{who} of {org} accepted consult {no}"), "U")
    register("case.handover", _("{who} hands consult {no} to you; please confirm"), "U")
    register("case.moved", _("Consult {no} of {who}, who leaves, is yours: {reason}"), "U")
    register("case.images", _("Consult {no}: all {n} images are here"), "N")
    register("case.images_part", _("Consult {no}: {n} of {m} images came, and no more"), "N")
    register("case.proposed", _("{who} proposes {time} for consult {no}"), "U")
    register("case.scheduled", _("Consult {no} is set for {time} {link}"), "N")
    register("case.meet_now", _("Consult {no} begins now; please enter the room"), "U")
    register(
        "case.awaited", _("Consult {no} was due {n} min ago; you are awaited in the room"), "U"
    )
    register("case.nobody_in_room", _("Consult {no}: nobody has met yet. Phone {phone}"), "U")
    register("case.mode", _("Consult {no} is now {state}"), "N")
    register("case.missed", _("Consult {no}: one side did not come; set a new time"), "U")
    register("case.late", _("The opinion on {no} is overdue"), "U")
    register("case.consent_due", _("Consult {no} went before consent; please take it now"), "U")
    register("case.dearer", _("{no} answered elsewhere, {n} yuan: consent anew in 24 h"), "U")
    register("case.new_fee", _("{no} is joint now, {n} yuan: take the consent again in 24 h"), "U")


def _once_it_is_signed() -> None:
    register("case.receipt", _("Your opinion {no}: {state}"), "N")
    register("case.receipt_due", _("The opinion on {no} still waits for the receipt"), "U")
    register("case.outcome_due", _("{no}: how is the patient after {n} days?"), "N")
    register("case.outcome", _("{no}, day {n} outcome: {state}"), "Q")
    register("case.still_open", _("Consult {no} can't be closed yet: see what is missing"), "U")
    register("case.closed", _("Consult {no} is closed"), "Q")
    register("case.no_receipt", _("Consult {no} closed without receipt; please add it {link}"), "N")
