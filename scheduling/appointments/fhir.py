"""A booking as the world sees it, its answers and its visit (workflows.md section 16)."""

from datetime import UTC, datetime
from uuid import UUID

from fhir.resources.R4B.appointment import Appointment as Resource
from fhir.resources.R4B.appointmentresponse import AppointmentResponse as AnswerResource
from fhir.resources.R4B.encounter import Encounter

from scheduling.appointments.models import Appointment, Attendance, Response, Status
from scheduling.availability.fhir import KIND, identified
from scheduling.availability.models import Kind
from telemed.core.publication import Json, Mapping

STATUS = {
    Status.WAITLISTED: "waitlist",
    Status.HELD: "pending",
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
CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
ASKED = (Status.OFFERED, Status.DISPLACED)
ABOUT, SAID_BY = "urn:telemed:response-about", "urn:telemed:said-by"
TICKET, POOL = "urn:telemed:ticket", "urn:telemed:pool"
FEE = "urn:telemed:fee"
TRIP = "urn:telemed:trip"  # the same for all that is booked as one


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
        **identified(appointment.identifier),
        "extension": [
            *([ticket] if appointment.ticket else []),  # who holds or waits has none yet
            {"url": POOL, "valueCode": str(appointment.pool)},
            *_fee(appointment),
            *_trip(appointment),
        ],
        "status": STATUS[Status(appointment.status)],
        **_why(appointment),
        **_how(appointment),
        **({"serviceType": [{"text": appointment.examination}]} if appointment.examination else {}),
        "specialty": [{"coding": [specialty], "text": department.name}],
        **({"description": appointment.reason} if appointment.reason else {}),
        **_when(appointment),
        "participant": [
            _patient(appointment),
            *_doctor(appointment),
            # In words: R4 lets no Organization take part; departments are no Locations here.
            _accepted({"display": f"{appointment.organisation.name} {department.name}"}),
        ],
    }


def _why(appointment: Appointment) -> Json:
    """As it was said to the person; who cancels for themselves gives no reason (app-4)."""
    if STATUS[Status(appointment.status)] != "cancelled" or not appointment.ended_because:
        return {}
    return {"cancelationReason": {"text": appointment.ended_because}}


def _fee(appointment: Appointment) -> list[Json]:
    """The amount alone: why somebody pays nothing is the person's and the desk's to read."""
    if appointment.fee is None:
        return []
    return [{"url": FEE, "valueMoney": {"value": appointment.fee, "currency": "CNY"}}]


def _trip(appointment: Appointment) -> list[Json]:
    """R4 has no word for appointments that belong together."""
    trip = appointment.trip_id
    return [{"url": TRIP, "valueUuid": f"urn:uuid:{trip}"}] if trip else []


def _how(appointment: Appointment) -> Json:
    """R4 has no word for video: the category that its Schedule has, too."""
    if not appointment.is_video:
        return {}
    return {"serviceCategory": [{"coding": [{"system": KIND, "code": Kind.VIDEO.value}]}]}


def _when(appointment: Appointment) -> Json:
    """Who waits for a day has asked for that day, and has no time."""
    if not appointment.holds_place and appointment.ticket is None:
        day = appointment.day.isoformat()
        return {"requestedPeriod": [{"start": day, "end": day}]}
    if plan := appointment.plan_period:  # whoever was displaced is kept a place there
        return _at(plan.starts_at, plan.ends_at, plan.pk)
    during = appointment.during
    return _at(during.lower, during.upper, appointment.period_id)


def _at(start: datetime, end: datetime, period_id: UUID) -> Json:
    slot = [{"reference": f"Slot/{period_id}"}]
    return {"start": moment(start), "end": moment(end), "slot": slot}


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _doctor(appointment: Appointment) -> list[Json]:
    practitioner = getattr(appointment.clinician, "practitioner", None)
    return [_accepted({"reference": f"Practitioner/{practitioner.pk}"})] if practitioner else []


def _patient(appointment: Appointment) -> Json:
    """Who is asked about another time has not accepted it yet (AppointmentResponse says when)."""
    actor = {"reference": f"Patient/{appointment.patient.fhir_id}"}
    status = "needs-action" if appointment.status in ASKED else "accepted"
    return {"actor": actor, "status": status}


def _accepted(actor: Json) -> Json:
    return {"actor": actor, "status": "accepted"}


COMMENT: dict[str, str] = {
    Response.By.NOBODY: "Nobody answered in time.",
    Response.By.CLINIC: "The clinic takes place after all.",
}


def response(row: Response) -> AnswerResource:
    """An answer of the patient, whoever said it for them (extension)."""
    return AnswerResource.model_validate(response_to_plain(row))


def response_to_plain(row: Response) -> Json:
    """The same, quickly."""
    times = {}
    if row.starts_at and row.ends_at:
        times = {"start": moment(row.starts_at), "end": moment(row.ends_at)}
    said = [{"url": SAID_BY, "valueCode": str(row.said_by)}] if row.said_by else []
    comment = COMMENT.get(row.said_by)
    return {
        "resourceType": "AppointmentResponse",
        "id": str(row.pk),
        "extension": [{"url": ABOUT, "valueCode": str(row.about)}, *said],
        "appointment": {"reference": f"Appointment/{row.appointment_id}"},
        **times,
        "actor": {"reference": f"Patient/{row.appointment.patient.fhir_id}"},
        "participantStatus": str(row.status),
        **({"comment": comment} if comment else {}),
    }


def attendance(row: Attendance) -> Encounter:
    """A visit that took place."""
    return Encounter.model_validate(attendance_to_plain(row))


def attendance_to_plain(row: Attendance) -> Json:
    """The same, quickly. What was found is the record's to say."""
    booking = row.appointment
    ended = {"end": moment(row.ended_at)} if row.ended_at else {}
    hospital = booking.organisation
    return {
        "resourceType": "Encounter",
        "id": str(row.pk),
        "status": "finished" if row.ended_at else "in-progress",
        "class": {"system": CLASSES, "code": "AMB", "display": "ambulatory"},
        "type": [{"text": booking.errand}],
        "subject": {"reference": f"Patient/{booking.patient.fhir_id}"},
        **_seen_by(row),
        "appointment": [{"reference": f"Appointment/{booking.pk}"}],
        "period": {"start": moment(row.begun_at), **ended},
        **({"reasonCode": [{"text": booking.reason}]} if booking.reason else {}),
        "serviceProvider": {
            "reference": f"Organization/{hospital.pk}",
            "display": hospital.name,
        },
    }


def _seen_by(row: Attendance) -> Json:
    """By the resource of the licence; by name alone where none is on file."""
    if row.doctor is None:
        return {}
    practitioner = getattr(row.doctor, "practitioner", None)
    reference = {"reference": f"Practitioner/{practitioner.pk}"} if practitioner else {}
    kind = {"coding": [{"system": ROLES, "code": "PART"}]}
    return {
        "participant": [{"type": [kind], "individual": {**reference, "display": row.doctor.name}}]
    }


RESPONSE = Mapping(
    model=Response,
    resource_type="AppointmentResponse",
    build=response,
    plain=response_to_plain,
)
APPOINTMENT = Mapping(model=Appointment, resource_type="Appointment", build=to_fhir, plain=to_plain)
ATTENDANCE = Mapping(
    model=Attendance, resource_type="Encounter", build=attendance, plain=attendance_to_plain
)
