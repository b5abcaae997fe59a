"""Sessions as the world sees them: FHIR Schedule."""

from fhir.resources.R4B.schedule import Schedule

from scheduling.availability.models import RUNNING, Kind, Session
from telemed.core.publication import Json, Mapping
from telemed.organisations.models import Specialty
from telemed.people.fhir import SPECIALTY

KIND = "urn:telemed:session-kind"


def to_fhir(session: Session) -> Schedule:
    """Active while it is planned, open or over; not when it was stopped or taken off the plan."""
    return Schedule.model_validate(to_plain(session))


def to_plain(session: Session) -> Json:
    """The same, quickly."""
    kind, specialty = Kind(session.kind), Specialty(session.department.specialty)
    service = {"serviceType": [{"text": session.service}]} if session.service else {}
    return {
        "resourceType": "Schedule",
        "id": str(session.pk),
        "active": session.state in RUNNING,
        "serviceCategory": [_concept(KIND, kind.value, str(kind.label))],
        **service,
        "specialty": [_concept(SPECIALTY, specialty.value, str(specialty.label))],
        "actor": [_actor(session)],
        "planningHorizon": {
            "start": session.starts_at.isoformat(),
            "end": session.ends_at.isoformat(),
        },
    }


def _actor(session: Session) -> Json:
    """The doctor; else what is booked, in words."""
    practitioner = getattr(session.clinician, "practitioner", None)
    if practitioner and session.clinician:
        who = f"Practitioner/{practitioner.pk}"
        return {"reference": who, "display": session.clinician.name}
    return {"display": session.room or session.department.name}


def _concept(system: str, code: str, text: str) -> Json:
    return {"coding": [{"system": system, "code": code}], "text": text}


SCHEDULE = Mapping(model=Session, resource_type="Schedule", build=to_fhir, plain=to_plain)
