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
from consult.requests.models import Case
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
        status=_status(case, newest=newest),
        docStatus=_doc_status(case),
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


def _status(case: Case, *, newest: bool) -> str:
    if case.is_withdrawn:
        return "entered-in-error"
    return "current" if newest else "superseded"


def _doc_status(case: Case) -> str:
    if case.is_withdrawn:
        return "entered-in-error"
    return "final" if case.opinion_version == 1 else "amended"


COPY = Mapping(model=Copy, resource_type="DocumentReference", build=to_fhir)
