"""
A break-glass as the world sees it (workflows.md 16): one AuditEvent, each transition a version.

The other rows of the trace are not published: 100 million a year stay where they are searched.
"""

from fhir.resources.R4B.auditevent import (
    AuditEvent,
    AuditEventAgent,
    AuditEventEntity,
    AuditEventSource,
)
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference

from records.consent.models import BreakGlass
from telemed.core.publication import Mapping

DICOM = "http://dicom.nema.org/resources/ontology/DCM"
REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
STARTED = Coding(system=DICOM, code="110127", display="Emergency Override Started")
STOPPED = Coding(system=DICOM, code="110138", display="Emergency Override Stopped")
SECURITY = Coding(system=DICOM, code="110113", display="Security Alert")
BTG = Coding(system=REASONS, code="BTG", display="break the glass")


def to_fhir(glass: BreakGlass) -> AuditEvent:
    """E while it is open and when it has ended, U once somebody has reviewed it."""
    reviewed = glass.is_reviewed
    here = Reference(reference=f"Organization/{glass.organisation_id}")
    licence = getattr(glass.actor, "practitioner", None)
    doctor = f"Practitioner/{licence.pk}" if licence else None
    return AuditEvent(
        id=str(glass.pk),
        type=SECURITY,
        subtype=[STOPPED if glass.ended_at else STARTED],
        action="U" if reviewed else "E",
        period=Period(start=glass.opened_at, end=glass.ended_at),
        recorded=glass.ended_at or glass.opened_at,
        outcome="0",
        outcomeDesc=str(glass.get_status_display()) if reviewed else None,
        purposeOfEvent=[CodeableConcept(coding=[BTG])],
        agent=[
            AuditEventAgent(
                who=Reference(reference=doctor, display=glass.actor.name),
                requestor=True,
                purposeOfUse=[CodeableConcept(coding=[BTG], text=str(glass.get_code_display()))],
            )
        ],
        source=AuditEventSource(observer=here),
        entity=[AuditEventEntity(what=Reference(reference=f"Patient/{glass.patient.fhir_id}"))],
    )


BREAK_GLASS = Mapping(model=BreakGlass, resource_type="AuditEvent", build=to_fhir)
