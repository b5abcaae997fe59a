"""Opening a booking, and how a visit opens the record to the doctor whom it is with."""

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent.models import Basis
from records.consent.services import end_care, open_care
from scheduling.appointments.models import Appointment
from scheduling.appointments.permissions import may_see_days
from scheduling.appointments.queries import day_list, get_appointment
from telemed.audit import services as audit
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.people.models import User

READABLE_AFTER = timedelta(days=7)


def open_appointment(*, actor: User, appointment_id: UUID) -> Appointment:
    """One booking, whose reading is traced. Raises NotFound for other people's."""
    require_intention()
    appointment = get_appointment(actor, appointment_id)
    audit.record(action="appointment.read", target=appointment, patient_id=appointment.patient_id)
    return appointment


def open_day(*, actor: User, day: date) -> list[Appointment]:
    """A doctor's list of a day, or a desk's; reading it is traced as one look."""
    require_intention()
    require(may_see_days(actor), _("This list is for the desk and the doctors."))
    audit.record(action="appointment.day", target=f"Appointment/{day}")
    return day_list(actor, day)


def open_record(appointment: Appointment) -> None:
    """With a doctor by name, from the booking on; without one, once the patient is there."""
    if appointment.clinician_id:
        open_care(
            organisation=appointment.organisation,
            patient=appointment.patient,
            basis=Basis.BOOKED,
            about=appointment.pk,
            person=appointment.clinician_id,
            until=appointment.during.upper + READABLE_AFTER,
        )


def open_record_to_department(appointment: Appointment) -> None:
    if not appointment.clinician_id:
        open_care(
            organisation=appointment.organisation,
            patient=appointment.patient,
            basis=Basis.BOOKED,
            about=appointment.pk,
            until=appointment.during.upper + READABLE_AFTER,
        )


def close_record(appointment: Appointment) -> None:
    end_care(about=appointment.pk)
