"""
Staying with the doctor whose clinic was stopped: the booking waits, first in line, and comes to
the next place with them by itself (ADR 0056).
"""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows, queries, rules, waitlist
from scheduling.appointments.events import AppointmentCancelled, AppointmentStays
from scheduling.appointments.models import Appointment, Response, Status, Wait
from scheduling.appointments.services.claiming import lock
from scheduling.appointments.services.displacing import end_displaced, rebook
from scheduling.appointments.services.offering import give_on
from scheduling.appointments.services.responding import answer
from scheduling.appointments.services.seating import drop_plan
from scheduling.availability import services as availability
from scheduling.availability.models import Pool
from scheduling.availability.services.places import lock_period
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications.persons import Voice
from telemed.notifications.services import settle


def stay(*, actor: Voice, appointment_id: UUID) -> Appointment:
    """
    The place that is kept, where it is with this doctor; else first in line for the next one, and
    what was kept goes on. Doing it twice is done once.
    """
    require_intention()
    appointment = lock(actor, appointment_id)
    require(waitlist.may_answer(actor, appointment), _("You may not book for this person."))
    if waitlist.stays(appointment):
        return appointment
    if appointment.status != Status.DISPLACED:
        raise appointment.out_of_turn()
    if appointment.clinician is None:
        sentence = _("This visit was with no doctor by name; choose another time.")
        raise Conflict(sentence, path="doctor")
    plan = appointment.plan_period
    if plan and plan.clinician_id == appointment.clinician_id:
        return rebook(actor=actor, appointment_id=appointment_id)
    answer(appointment, Response.About.STOP, Response.Status.DECLINED, actor)
    held = appointment.holds_place
    appointment.holds_place, kept = False, drop_plan(appointment)
    appointment.save()
    _wait(appointment)
    if held:
        availability.give_back(period_id=appointment.period_id, pool=appointment.pool)
    clock_rows.stop(appointment, clock_rows.CHOICE)
    clock_rows.start_stay(appointment, rules.stays_for(appointment.organisation_id))
    settle(about=appointment.pk)
    audit.record(action="appointment.stay", target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
    outbox.announce(AppointmentStays(appointment_id=appointment.pk))
    if kept:
        give_on(**kept)
    return appointment


def stay_due(*, clock: Clock) -> None:
    """No place came in all that time: the hospital cancels, and it never counts."""
    require_intention()
    rows = Appointment.objects.filter(pk=clock.about, status=Status.DISPLACED, wait__stays=True)
    period_id = rows.values_list("period", flat=True).first()
    if period_id is None:
        return
    lock_period(period_id)
    locked = rows.select_for_update(of=["self"], no_key=True).select_related(*queries.SHOWN)
    appointment = locked.first()
    if appointment is None:
        return
    end_displaced(appointment, _("no place with this doctor came"), by=None)
    audit.record(action="appointment.cancel", target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
    outbox.announce(AppointmentCancelled(appointment_id=appointment.pk))


def _wait(appointment: Appointment) -> None:
    """Anew for whoever had come from a waitlist."""
    Wait.objects.update_or_create(
        appointment=appointment,
        defaults={
            "person_key": appointment.person_key,
            "rank": None,
            "clinician_id": appointment.clinician_id,
            "pools": list(dict.fromkeys([appointment.pool, Pool.PUBLIC])),
            "far": rules.is_far(appointment.patient, appointment.organisation),
            "since": moments.now(),
            "lapses": 0,
            "let_go": [],
            "stays": True,
        },
    )
