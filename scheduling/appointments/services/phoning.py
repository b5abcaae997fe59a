"""Whom a stop displaced: looked at by the desk, which rings them and says how it went."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments.displaced import QUESTIONS, displaced_by
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.permissions import is_clerk_of
from scheduling.appointments.services.claiming import lock
from scheduling.appointments.services.reminding import tell
from scheduling.appointments.waitlist import may_answer
from scheduling.availability.models import Stop
from telemed.audit import services as audit
from telemed.core.errors import Conflict, NotFound, require
from telemed.core.intentions import require_intention
from telemed.notifications.models import Call, Delivery, Notification, State
from telemed.notifications.persons import Voice
from telemed.notifications.services import keep_open, list_again, note_call, to_phone_list
from telemed.people.models import User


def open_displaced(actor: User, stop: Stop) -> dict[str, Any]:
    """Who they are, with their numbers; looking at that is traced as one look."""
    require_intention()
    rows = displaced_by(stop)
    if rows:
        audit.record(action="appointment.displaced", target=stop.session)
    return {
        "rows": rows,
        "waiting": sum(row.waits for row in rows),
        "clerk": is_clerk_of(actor, stop.session.organisation_id),
        "results": Call.Result.choices,
    }


def ask_for_call(*, actor: Voice, appointment_id: UUID) -> Appointment:
    """
    Who has no account wants another time, which no SMS can choose: the desk phones them now, not
    after its hours, and one SMS says so. What is kept stays theirs until they decide.
    """
    require_intention()
    appointment = lock(actor, appointment_id)
    require(may_answer(actor, appointment), _("You may not book for this person."))
    if appointment.status != Status.DISPLACED:
        raise appointment.out_of_turn()
    asked = Notification.objects.filter(about=appointment.pk, template__in=QUESTIONS)
    by_number = asked.filter(person_id__isnull=False).select_for_update(of=["self"], no_key=True)
    question = by_number.order_by("-created_at").first()
    if question is None:
        raise NotFound(_("Not found, or not yours to know of."))
    call = keep_open(question)
    turn = (question.turn + call.calls.count()) % 2**15  # after each call it is said anew
    tell(appointment, "stop.call", turn=turn, booker=False)
    return appointment


def note_phoned(
    *, actor: User, appointment_id: UUID, result: str, spoke_with: str = ""
) -> Delivery:
    """How a call went, before its time or from the list; what they choose is noted by itself."""
    require_intention()
    appointment = lock(actor, appointment_id)
    mine = is_clerk_of(actor, appointment.organisation_id)
    require(mine, _("The desk of the hospital rings them."))
    if appointment.status != Status.DISPLACED:
        raise Conflict(_("They have chosen already; nobody has to ring."), path="status")
    asked = Notification.objects.filter(about=appointment.pk, template__in=QUESTIONS)
    question = asked.select_for_update(of=["self"], no_key=True).order_by("-created_at").first()
    if question is None:
        sentence = _("They are told once the stop is not taken back any more; ring after that.")
        raise Conflict(sentence, path="status")
    to_phone_list(question)
    call = question.deliveries.select_for_update(no_key=True).get(channel="phone")
    if call.state == State.CALLED:
        raise Conflict(_("Somebody has reached them already."), path="status")
    list_again(call)  # read and not answered, or three calls in vain: the desk tries once more
    return note_call(actor=actor, delivery_id=call.pk, result=result, spoke_with=spoke_with)
