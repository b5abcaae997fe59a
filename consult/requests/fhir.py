"""A case as the world sees it: ServiceRequest (workflows.md 16)."""

from fhir.resources.R4B.annotation import Annotation
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.reference import Reference
from fhir.resources.R4B.servicerequest import ServiceRequest

from consult.requests.models import Case, Kind, Status
from telemed.core.publication import Mapping
from telemed.people.models import User

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
    performers = [Reference(reference=f"Organization/{case.asked_id}")]
    if case.holder:
        performers.append(doctor(case.holder))
    return ServiceRequest(
        id=str(case.pk),
        extension=[Extension(url=STATE, valueCode=case.status)],
        identifier=[Identifier(system=NUMBERS, value=case.number)],
        status=FHIR_STATUS[Status(case.status)],
        intent="order",
        priority=PRIORITY[Kind(case.kind)],
        category=[CodeableConcept(text=str(case.get_kind_display()))],
        code=CodeableConcept(text=case.aim or case.reason),
        subject=Reference(reference=f"Patient/{case.patient.fhir_id}"),
        requester=doctor(case.requester),
        performer=performers,
        performerType=CodeableConcept(coding=[Coding(system=SPECIALTIES, code=case.specialty)])
        if case.specialty
        else None,
        reasonCode=[CodeableConcept(text=case.reason)] if case.reason else None,
        note=[Annotation(text=case.summary)] if case.summary else None,
    )


def doctor(user: User) -> Reference:
    """A clinician by the resource of their licence; by name alone where none is on file."""
    practitioner = getattr(user, "practitioner", None)
    reference = f"Practitioner/{practitioner.pk}" if practitioner else None
    return Reference(reference=reference, display=user.name)


CASE = Mapping(model=Case, resource_type="ServiceRequest", build=to_fhir)
