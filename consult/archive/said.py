"""The thread of a closed case, as both forms of a copy hold it."""

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.communication import Communication, CommunicationPayload
from fhir.resources.R4B.reference import Reference

from consult.requests.fhir import doctor
from consult.requests.models import Case, Message

SIDES = "urn:telemed:side"
READERS = "urn:telemed:readers"
COORDINATORS = "coordinators"


def said_in(case: Case) -> list[Message]:
    """Every message, oldest first."""
    return list(case.messages.select_related("written_by__practitioner").order_by("at", "pk"))


def communication(message: Message, case: Case) -> Communication:
    readers = [Coding(system=READERS, code=COORDINATORS)] if message.for_coordinators else []
    codings = [Coding(system=SIDES, code=message.side), *readers]
    return Communication(
        id=str(message.pk),
        status="completed",
        category=[CodeableConcept(coding=[coding]) for coding in codings],
        subject=Reference(reference=f"Patient/{case.patient.fhir_id}"),
        about=[Reference(reference=f"urn:uuid:{case.pk}")],
        sent=message.at,
        sender=doctor(message.written_by),
        payload=[CommunicationPayload(contentString=message.text)],
    )
