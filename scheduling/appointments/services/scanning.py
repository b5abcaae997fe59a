"""The code of a ticket at the desk: whose it is, and checking in by it, once."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.appointments import codes
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.permissions import CLERKS, may_check_in
from scheduling.appointments.queries import SHOWN, find_arrival, get_appointment, today_at
from scheduling.appointments.services.arriving import already_used, check_in, require_time
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

DIGITS = 4


class Shown(StrEnum):
    """How a desk knew who came: what stands in the trail beside it."""

    TICKET = "the ticket, beside the card"
    NUMBER = "the number of the card"
    DIGITS = "the last digits of the card"
    VOUCHED = "no card is known; made sure by the desk"


def read_code(*, actor: User, text: str) -> Appointment:
    """Whose ticket was scanned, where checking in is in order now. Raises what is wrong with it."""
    require_intention()
    require(actor.role in CLERKS, _("The desk checks in."))
    code = codes.find_code(text)
    appointment = _booking_of(codes.id_in(code) if code else None)
    if appointment is None or not codes.is_of(code, appointment):
        sentence = _("This is no valid ticket: scan the newest one, or ask for the ID card.")
        raise NotFound(sentence, path="number")
    _require_here(actor, appointment)
    _require_unused(appointment)
    require_time(appointment)
    audit.record(action="appointment.scan", target=appointment, patient_id=appointment.patient_id)
    return appointment


def check_in_by_code(*, actor: User, text: str, number: str = "") -> Appointment:
    """
    The card was seen and is this person's, which its last four digits may prove. Of two desks that
    read one code, one is told.
    """
    require_intention()
    seen = read_code(actor=actor, text=text)
    return check_in(
        actor=actor, appointment_id=seen.pk, number=number, once=True, shown=Shown.TICKET
    )


def check_in_by_row(
    *, actor: User, appointment_id: UUID, number: str = "", seen: bool = False
) -> Appointment:
    """
    Out of the day's list, where nothing was scanned: the last four digits of the card, or of whom
    no card is known (a temporary number, a newborn) that it was made sure who came.
    """
    require_intention()
    row = get_appointment(actor, appointment_id)
    require(may_check_in(actor, row), _("The desk checks in."))
    known = bool(row.patient.id_card_tail)
    if known and len(number.strip()) < DIGITS:
        sentence = _("Ask for the ID card, and type its last four digits.")
        raise Invalid(sentence, path="number")
    if not known and not seen:
        sentence = _("No ID card is known of this person: tick that you made sure who it is.")
        raise Invalid(sentence, path="seen")
    shown = Shown.DIGITS if known else Shown.VOUCHED
    return check_in(actor=actor, appointment_id=appointment_id, number=number, shown=shown)


@dataclass(frozen=True)
class Coming:
    """One booking of today, and why it cannot be checked in now; empty where it can."""

    appointment: Appointment
    why_not: str


def todays_of(*, actor: User, patient: Patient) -> list[Coming]:
    """What whoever shows the card has booked here for today."""
    require_intention()
    require(actor.role in CLERKS, _("The desk checks in."))
    return [Coming(one, _why_not(one)) for one in today_at(actor.organisation_id, patient.pk)]


def check_in_person(*, actor: User, patient: Patient, appointment_id: UUID) -> Appointment:
    """The card was seen: one of this person's bookings. Raises Conflict for somebody else's."""
    require_intention()
    booked = Appointment.objects.filter(pk=appointment_id, organisation=actor.organisation_id)
    whose = booked.values_list("person_key", flat=True).first()
    if whose is None:
        raise NotFound(_("Not found, or not yours to know of."))
    if whose != patient.pk:
        raise Conflict(_("The ID does not match the booking."), path="number")
    return check_in(actor=actor, appointment_id=appointment_id, shown=Shown.NUMBER)


def _why_not(appointment: Appointment) -> str:
    if appointment.status == Status.ARRIVED:
        return _("Checked in already.")
    try:
        require_time(appointment)
    except Conflict as error:
        return str(error.message)
    return ""


def _booking_of(appointment_id: UUID | None) -> Appointment | None:
    if appointment_id is None:
        return None
    return Appointment.objects.filter(pk=appointment_id).select_related(*SHOWN).first()


def _require_here(actor: User, appointment: Appointment) -> None:
    if appointment.organisation_id != actor.organisation_id:
        sentence = _("This ticket is for {place}, not for this hospital.")
        place = appointment.organisation.name
        raise Conflict(sentence.format(place=place), path="number")
    if appointment.is_video:
        raise Conflict(_("This visit is by video; nobody checks in at the desk."), path="number")
    if appointment.day != timezone.localdate():
        sentence = _("This ticket is for {day}, not for today.")
        day = date_format(appointment.day, "MONTH_DAY_FORMAT")
        raise Conflict(sentence.format(day=day), path="number")


def _require_unused(appointment: Appointment) -> None:
    if used := find_arrival(appointment):
        raise already_used(used)
    if appointment.status not in (Status.BOOKED, Status.NO_SHOW):
        raise appointment.out_of_turn()
