"""A signed opinion as the world sees it: Composition (workflows.md 16)."""

from html import escape
from typing import Any

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

from consult.opinions import sealing
from consult.opinions.models import ExpertView, Opinion
from consult.requests.fhir import doctor
from telemed.core.publication import Mapping

LOINC = "http://loinc.org"
NUMBERS = "urn:telemed:case-number"
# The title of the section in which an expert of a joint consult stands.
VIEWS = {
    ExpertView.View.AGREE: "Agreement",
    ExpertView.View.DISSENT: "Dissent",
    ExpertView.View.NONE: "No view stated in time",
}


def to_fhir(opinion: Opinion) -> Composition:
    case, signer = opinion.case, doctor(opinion.author)
    stated = sealing.facts_of(opinion).get("statements", [])
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
        author=[signer, *(_expert(one) for one in stated)],
        title=f"会诊意见 {case.number}",
        attester=[
            CompositionAttester(mode="legal", time=opinion.signed_at, party=signer),
            *(_attester(one) for one in stated if one["view"] in ExpertView.SAID),
        ],
        custodian=Reference(reference=f"Organization/{case.asked_id}"),
        section=[
            *(
                CompositionSection(title=title, text=_narrative(text))
                for title, text in sections
                if text
            ),
            *(_section(one) for one in stated),
        ],
    )


def _expert(stated: dict[str, Any]) -> Reference:
    return Reference(reference=f"Practitioner/{stated['practitioner']}", display=stated["name"])


def _attester(stated: dict[str, Any]) -> CompositionAttester:
    return CompositionAttester(mode="professional", time=stated["stated_at"], party=_expert(stated))


def _section(stated: dict[str, Any]) -> CompositionSection:
    """What one expert of a joint consult said, in their own words."""
    title = VIEWS[ExpertView.View(stated["view"])]
    return CompositionSection(
        title=f"{title}: {stated['name']}",
        author=[_expert(stated)],
        text=_narrative(stated["text"] or title),
    )


def _status(opinion: Opinion) -> str:
    if opinion.withdrawal:
        return "entered-in-error"
    return "final" if opinion.version == 1 else "amended"


def _narrative(text: str) -> Narrative:
    lines = "<br/>".join(escape(line) for line in text.splitlines())
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{lines}</div>'
    return Narrative(status="generated", div=div)


OPINION = Mapping(model=Opinion, resource_type="Composition", build=to_fhir)
