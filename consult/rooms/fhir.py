"""A room as the world sees it (workflows.md 16): a virtual encounter."""

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.encounter import Encounter, EncounterParticipant
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference

from consult.requests.fhir import NUMBERS, doctor
from consult.requests.models import Case
from consult.rooms.models import Role, Room
from consult.rooms.permissions import GUESTS, WITH_PATIENT
from scheduling.appointments.models import Appointment
from telemed.core.publication import Mapping
from telemed.people.models import User

CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_PART = CodeableConcept(coding=[Coding(system=ROLES, code="PART")])
_INTERPRETS = CodeableConcept(
    coding=[
        Coding(system="http://terminology.hl7.org/CodeSystem/participant-type", code="translator")
    ]
)
# `onleave` would say that the patient is away: a held room stays in progress.
STATUS = {
    Room.Status.OPEN: "planned",
    Room.Status.LIVE: "in-progress",
    Room.Status.HELD: "in-progress",
}


def to_fhir(room: Room) -> Encounter:
    return _of_visit(room, room.visit) if room.visit else _of_case(room, room.consult)


def _of_case(room: Room, case: Case) -> Encounter:
    doctors = [person for person in (case.requester, case.holder, *case.experts) if person]
    period = Period(start=room.live_at, end=room.ended_at) if room.live_at else None
    return Encounter.model_validate(
        {
            "id": str(room.pk),
            "status": _status(room),
            "class": Coding(system=CLASSES, code="VR", display="virtual"),
            "identifier": [Identifier(system=NUMBERS, value=case.number)],
            "type": [CodeableConcept(text=str(case.get_kind_display()))],
            "subject": Reference(reference=f"Patient/{case.patient.fhir_id}"),
            "basedOn": [Reference(reference=f"ServiceRequest/{case.pk}")],
            "participant": [*(_takes_part(person) for person in doctors), *_guests(room)],
            "period": period,
            "reasonCode": [CodeableConcept(text=case.reason)] if case.reason else None,
            "serviceProvider": Reference(
                reference=f"Organization/{case.asked_id}",
                display=case.asked.name if case.asked else None,
            ),
        }
    )


def _of_visit(room: Room, visit: Appointment) -> Encounter:
    """A visit by video; who it is with stands in its Appointment."""
    period = Period(start=room.live_at, end=room.ended_at) if room.live_at else None
    return Encounter.model_validate(
        {
            "id": str(room.pk),
            "status": _status(room),
            "class": Coding(system=CLASSES, code="VR", display="virtual"),
            "subject": Reference(reference=f"Patient/{visit.patient.fhir_id}"),
            "appointment": [Reference(reference=f"Appointment/{visit.pk}")],
            "participant": [
                *([_takes_part(visit.clinician)] if visit.clinician else []),
                *_guests(room),
            ],
            "period": period,
            "reasonCode": [CodeableConcept(text=visit.reason)] if visit.reason else None,
            "serviceProvider": Reference(
                reference=f"Organization/{visit.organisation_id}",
                display=visit.organisation.name,
            ),
        }
    )


def _takes_part(person: User) -> EncounterParticipant:
    return EncounterParticipant(type=[_PART], individual=doctor(person))


def _guests(room: Room) -> list[EncounterParticipant]:
    """
    Interpreters and observers who were in, by name: many have no licence, some no account. The
    patient is the subject, which R4 does not repeat here.
    """
    places = room.participants.filter(role__in=GUESTS, joined=True).select_related("user")
    return [
        EncounterParticipant(
            type=[_INTERPRETS if place.role == Role.INTERPRETER else _PART],
            individual=Reference(display=place.user.name),
        )
        for place in places.order_by("created_at")
    ]


def _status(room: Room) -> str:
    """A room that ended before both sides met was no encounter."""
    if room.status == Room.Status.ENDED:
        return "finished" if room.live_at else "cancelled"
    if room.status == Room.Status.OPEN and _patient_came(room):
        return "arrived"
    return STATUS[Room.Status(room.status)]


def _patient_came(room: Room) -> bool:
    """The patient, or the doctor beside whom they sit, was in (ADR 0050)."""
    return room.participants.filter(role__in=WITH_PATIENT, joined=True).exists()


ROOM = Mapping(model=Room, resource_type="Encounter", build=to_fhir)
