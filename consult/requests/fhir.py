"""A case as the world sees it: ServiceRequest (workflows.md 16)."""

from fhir.resources.R4B.servicerequest import ServiceRequest

from consult.requests.models import Case, Kind, Status
from telemed.core.publication import Mapping

FHIR_STATUS = {
    Status.SUBMITTED: "active",
    Status.ROUTED: "active",
    Status.ACCEPTED: "active",
    Status.IN_PROGRESS: "active",
    Status.SIGNED: "completed",
    Status.RECEIPTED: "completed",
    Status.CLOSED: "completed",
    Status.CANCELLED: "revoked",
}
PRIORITY = {Kind.EMERGENCY: "stat", Kind.SINGLE: "routine"}
NUMBERS = "urn:telemed:case-number"
SPECIALTIES = "urn:telemed:specialty"
STATE = "urn:telemed:case-state"


def to_fhir(case: Case) -> ServiceRequest:
    performers = [{"reference": f"Organization/{case.asked_id}"}]
    if case.holder_id:
        performers.append({"reference": f"Practitioner/{case.holder_id}"})
    return ServiceRequest(
        id=str(case.pk),
        extension=[{"url": STATE, "valueCode": case.status}],
        identifier=[{"system": NUMBERS, "value": case.number}],
        status=FHIR_STATUS[Status(case.status)],
        intent="order",
        priority=PRIORITY[Kind(case.kind)],
        category=[{"text": str(case.get_kind_display())}],
        code={"text": case.aim or case.reason},
        subject={"reference": f"Patient/{case.patient.fhir_id}"},
        requester={
            "reference": f"Practitioner/{case.requester_id}",
            "display": case.requester.name,
        },
        performer=performers,
        performerType={"coding": [{"system": SPECIALTIES, "code": case.specialty}]}
        if case.specialty
        else None,
        reasonCode=[{"text": case.reason}] if case.reason else None,
        note=[{"text": case.summary}] if case.summary else None,
    )


CASE = Mapping(model=Case, resource_type="ServiceRequest", build=to_fhir)
