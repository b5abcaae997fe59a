"""Sessions as the world sees them: FHIR Schedule."""

from django.utils import timezone
from fhir.resources.R4B.basic import Basic
from fhir.resources.R4B.schedule import Schedule

from scheduling.availability import differences
from scheduling.availability.models import RUNNING, Disagreement, Kind, Session
from telemed.core.publication import Json, Mapping
from telemed.organisations.models import Specialty
from telemed.people.fhir import SPECIALTY

KIND = "urn:telemed:session-kind"
CAPACITY, FREE = "urn:telemed:slot-capacity", "urn:telemed:slot-free"
MINUTES, SHARE, POOL = "urn:telemed:slot-minutes", "urn:telemed:pool-share", "urn:telemed:pool"
DISAGREEMENT = "urn:telemed:disagreement"


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
        **identified(session.identifier),
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


def identified(identifier: str) -> Json:
    """What a hospital's own system keeps has its identifier."""
    system, _bar, value = identifier.partition("|")
    return {"identifier": [{"system": system, "value": value}]} if identifier else {}


def _actor(session: Session) -> Json:
    """The doctor; else what is booked, in words."""
    practitioner = getattr(session.clinician, "practitioner", None)
    if practitioner and session.clinician:
        who = f"Practitioner/{practitioner.pk}"
        return {"reference": who, "display": session.clinician.name}
    return {"display": session.room or session.department.name}


def _concept(system: str, code: str, text: str) -> Json:
    return {"coding": [{"system": system, "code": code}], "text": text}


def differing(row: Disagreement) -> Basic:
    """For the system that said otherwise: R4 has no type for it, and Flag is about people."""
    return Basic.model_validate(
        {
            "resourceType": "Basic",
            "id": str(row.pk),
            "extension": [
                {"url": f"{DISAGREEMENT}-state", "valueCode": row.state},
                {
                    "url": f"{DISAGREEMENT}-said",
                    "valueString": differences.said(row.kind, row.said),
                },
                {
                    "url": f"{DISAGREEMENT}-here",
                    "valueString": differences.here(row.kind, row.here),
                },
                *(
                    [{"url": f"{DISAGREEMENT}-reason", "valueString": row.reason}]
                    if row.reason
                    else []
                ),
            ],
            "code": _concept(DISAGREEMENT, row.kind, str(Disagreement.Kind(row.kind).label)),
            "subject": _about(row),
            "created": f"{timezone.localdate(row.created_at):%Y-%m-%d}",
        }
    )


def _about(row: Disagreement) -> Json:
    """A search by subject finds it under its Schedule or Slot."""
    if row.period_id:
        return {"reference": f"Slot/{row.period_id}"}
    return {"reference": f"Schedule/{row.session_id}"}


DIFFERING = Mapping(
    model=Disagreement,
    resource_type="Basic",
    build=differing,
    organisation=lambda row: row.session.organisation.number,
)
SCHEDULE = Mapping(model=Session, resource_type="Schedule", build=to_fhir, plain=to_plain)
