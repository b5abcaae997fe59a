"""A copy as the world sees it: DocumentReference (workflows.md 16)."""

from fhir.resources.R4B.attachment import Attachment
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.documentreference import (
    DocumentReference,
    DocumentReferenceContent,
    DocumentReferenceContext,
)
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.reference import Reference

from consult.archive.models import Copy
from telemed.core.publication import Mapping

LOINC = "http://loinc.org"
NUMBERS = "urn:telemed:case-number"
DIGEST = "urn:telemed:sha256"


def to_fhir(copy: Copy) -> DocumentReference:
    case = copy.case
    newest = not case.copies.filter(version__gt=copy.version).exists()
    return DocumentReference(
        id=str(copy.pk),
        extension=[Extension(url=DIGEST, valueString=copy.digest)],
        identifier=[Identifier(system=NUMBERS, value=f"{case.number}/archive/{copy.version}")],
        status="current" if newest else "superseded",
        docStatus="final",
        # LOINC 11488-4: consultation note
        type=CodeableConcept(coding=[Coding(system=LOINC, code="11488-4")], text="会诊归档"),
        subject=Reference(reference=f"Patient/{case.patient.fhir_id}"),
        date=copy.created_at,
        custodian=Reference(reference=f"Organization/{copy.organisation_id}"),
        content=[
            DocumentReferenceContent(
                attachment=Attachment(
                    contentType="application/fhir+json",
                    url=f"/cases/{case.pk}/archive/{copy.version}/bundle/",
                    title=f"{case.number} v{copy.version}",
                    creation=copy.created_at,
                )
            )
        ],
        context=DocumentReferenceContext(
            related=[Reference(reference=f"ServiceRequest/{case.pk}")]
        ),
    )


COPY = Mapping(model=Copy, resource_type="DocumentReference", build=to_fhir)
