"""A room as the world sees it (workflows.md 16): a virtual encounter."""

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.encounter import Encounter, EncounterParticipant
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference

from consult.requests.fhir import NUMBERS, doctor
from consult.rooms.models import Room
from telemed.core.publication import Mapping

CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
# `onleave` would say that the patient is away: a held room stays in progress.
STATUS = {
    Room.Status.OPEN: "planned",
    Room.Status.LIVE: "in-progress",
    Room.Status.HELD: "in-progress",
}


def to_fhir(room: Room) -> Encounter:
    case = room.case
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
            "participant": [
                EncounterParticipant(
                    type=[CodeableConcept(coding=[Coding(system=ROLES, code="PART")])],
                    individual=doctor(person),
                )
                for person in doctors
            ],
            "period": period,
            "reasonCode": [CodeableConcept(text=case.reason)] if case.reason else None,
            "serviceProvider": Reference(
                reference=f"Organization/{case.asked_id}",
                display=case.asked.name if case.asked else None,
            ),
        }
    )


def _status(room: Room) -> str:
    """A room that ended before both sides met was no encounter."""
    if room.status == Room.Status.ENDED:
        return "finished" if room.live_at else "cancelled"
    return STATUS[Room.Status(room.status)]


ROOM = Mapping(model=Room, resource_type="Encounter", build=to_fhir)
