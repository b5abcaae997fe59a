"""A booking as the world sees it (FHIR Appointment, workflows.md section 16)."""

from datetime import UTC, datetime

from fhir.resources.R4B.appointment import Appointment as Resource

from scheduling.appointments.models import Appointment, Status
from telemed.core.publication import Json, Mapping

STATUS = {
    Status.HELD: "pending",
    Status.BOOKED: "booked",
    Status.DISPLACED: "pending",
    Status.ARRIVED: "arrived",
    Status.CALLED: "checked-in",
    Status.IN_VISIT: "checked-in",
    Status.FULFILLED: "fulfilled",
    Status.NO_SHOW: "noshow",
    Status.CANCELLED: "cancelled",
}
SPECIALTIES = "urn:telemed:specialty"
TICKET, POOL = "urn:telemed:ticket", "urn:telemed:pool"


def to_fhir(appointment: Appointment) -> Resource:
    return Resource.model_validate(to_plain(appointment))


def to_plain(appointment: Appointment) -> Json:
    """The same, quickly: each booking publishes one. A test compares."""
    department = appointment.department
    specialty = {"system": SPECIALTIES, "code": department.specialty}
    ticket = {"url": TICKET, "valuePositiveInt": appointment.ticket}
    return {
        "resourceType": "Appointment",
        "id": str(appointment.pk),
        "extension": [
            *([ticket] if appointment.ticket else []),  # a hold has none yet
            {"url": POOL, "valueCode": str(appointment.pool)},
        ],
        "status": STATUS[Status(appointment.status)],
        "specialty": [{"coding": [specialty], "text": department.name}],
        **({"description": appointment.reason} if appointment.reason else {}),
        "start": moment(appointment.during.lower),
        "end": moment(appointment.during.upper),
        "slot": [{"reference": f"Slot/{appointment.period_id}"}],
        "participant": [
            _accepted({"reference": f"Patient/{appointment.patient.fhir_id}"}),
            *_doctor(appointment),
            # In words: R4 lets no Organization take part; departments are no Locations here.
            _accepted({"display": f"{appointment.organisation.name} {department.name}"}),
        ],
    }


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _doctor(appointment: Appointment) -> list[Json]:
    practitioner = getattr(appointment.clinician, "practitioner", None)
    return [_accepted({"reference": f"Practitioner/{practitioner.pk}"})] if practitioner else []


def _accepted(actor: Json) -> Json:
    return {"actor": actor, "status": "accepted"}


APPOINTMENT = Mapping(model=Appointment, resource_type="Appointment", build=to_fhir, plain=to_plain)
