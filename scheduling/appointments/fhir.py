"""A booking as the world sees it (FHIR Appointment, workflows.md section 16)."""

from typing import Any

from fhir.resources.R4B.appointment import Appointment as Resource
from fhir.resources.R4B.appointment import AppointmentParticipant
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference

from scheduling.appointments.models import Appointment, Status
from telemed.core.publication import Mapping

STATUS = {
    Status.WAITLISTED: "waitlist",
    Status.OFFERED: "pending",
    Status.BOOKED: "booked",
    Status.DISPLACED: "pending",
    Status.ARRIVED: "arrived",
    Status.CALLED: "checked-in",
    Status.IN_VISIT: "checked-in",
    Status.FULFILLED: "fulfilled",
    Status.NO_SHOW: "noshow",
    Status.CANCELLED: "cancelled",
    Status.EXPIRED: "cancelled",
}
SPECIALTIES = "urn:telemed:specialty"
TICKET, POOL = "urn:telemed:ticket", "urn:telemed:pool"


def to_fhir(appointment: Appointment) -> Resource:
    department = appointment.department
    return Resource(
        id=str(appointment.pk),
        extension=[*_ticket(appointment), Extension(url=POOL, valueCode=appointment.pool)],
        status=STATUS[Status(appointment.status)],
        specialty=[
            CodeableConcept(
                coding=[Coding(system=SPECIALTIES, code=department.specialty)],
                text=department.name,
            )
        ],
        description=appointment.reason or None,
        **_when(appointment),
        participant=[
            _accepted(f"Patient/{appointment.patient.fhir_id}"),
            *_doctor(appointment),
            _place(f"{appointment.organisation.name} {department.name}"),
        ],
    )


def _ticket(appointment: Appointment) -> list[Extension]:
    """Who waits has no number yet."""
    if appointment.ticket is None:
        return []
    return [Extension(url=TICKET, valuePositiveInt=appointment.ticket)]


def _when(appointment: Appointment) -> dict[str, Any]:
    """Who waits for a day has asked for that day, and has no time."""
    if not appointment.holds_place and appointment.ticket is None:
        day = appointment.day.isoformat()
        return {"requestedPeriod": [Period.model_validate({"start": day, "end": day})]}
    if plan := appointment.plan_period:  # whoever was displaced is kept a place there
        return {
            "start": plan.starts_at,
            "end": plan.ends_at,
            "slot": [Reference(reference=f"Slot/{plan.pk}")],
        }
    return {
        "start": appointment.during.lower,
        "end": appointment.during.upper,
        "slot": [Reference(reference=f"Slot/{appointment.period_id}")],
    }


def _doctor(appointment: Appointment) -> list[AppointmentParticipant]:
    practitioner = getattr(appointment.clinician, "practitioner", None)
    return [_accepted(f"Practitioner/{practitioner.pk}")] if practitioner else []


def _place(name: str) -> AppointmentParticipant:
    """In words: R4 lets no Organization take part, and the departments are no Locations here."""
    return AppointmentParticipant(actor=Reference(display=name), status="accepted")


def _accepted(reference: str) -> AppointmentParticipant:
    return AppointmentParticipant(actor=Reference(reference=reference), status="accepted")


APPOINTMENT = Mapping(model=Appointment, resource_type="Appointment", build=to_fhir)
