"""A signed opinion as the world sees it: Composition (workflows.md 16)."""

from html import escape

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.composition import (
    Composition,
    CompositionAttester,
    CompositionSection,
)
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.narrative import Narrative
from fhir.resources.R4B.reference import Reference

from consult.opinions.models import Opinion
from consult.requests.fhir import doctor
from telemed.core.publication import Mapping

LOINC = "http://loinc.org"
NUMBERS = "urn:telemed:case-number"


def to_fhir(opinion: Opinion) -> Composition:
    case, signer = opinion.case, doctor(opinion.author)
    sections = [
        ("Findings", opinion.findings),
        ("Conclusion", opinion.conclusion),
        ("Recommendations", opinion.recommendations),
    ]
    return Composition(
        id=str(opinion.pk),
        identifier=Identifier(system=NUMBERS, value=f"{case.number}/{opinion.version}"),
        status=_status(opinion),
        # LOINC 11488-4: consultation note
        type=CodeableConcept(coding=[Coding(system=LOINC, code="11488-4")], text="会诊意见"),
        subject=Reference(reference=f"Patient/{case.patient.fhir_id}"),
        date=opinion.signed_at,
        author=[signer],
        title=f"会诊意见 {case.number}",
        attester=[CompositionAttester(mode="legal", time=opinion.signed_at, party=signer)],
        custodian=Reference(reference=f"Organization/{case.asked_id}"),
        section=[
            CompositionSection(title=title, text=Narrative(status="generated", div=_div(text)))
            for title, text in sections
            if text
        ],
    )


def _status(opinion: Opinion) -> str:
    if opinion.withdrawal:
        return "entered-in-error"
    return "final" if opinion.version == 1 else "amended"


def _div(text: str) -> str:
    lines = "<br/>".join(escape(line) for line in text.splitlines())
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{lines}</div>'


OPINION = Mapping(model=Opinion, resource_type="Composition", build=to_fhir)
