"""
The first entry of a copy: what is in it, part by part (ADR 0058).

A document of R4 begins with a Composition from which everything else in it is reached; a signed
opinion names nothing but itself, and not every case has one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid5

from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.composition import Composition, CompositionSection
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.reference import Reference

from consult.requests.fhir import NUMBERS, doctor
from consult.requests.models import Case

Json = dict[str, Any]
LOINC = "http://loinc.org"


def cover(
    case: Case, version: int, at: datetime, parts: Iterable[tuple[str, list[Json]]]
) -> Composition:
    """`parts` are the entries by the title of their section. LOINC 11488-4: consultation note."""
    return Composition(
        id=str(uuid5(case.pk, "archive")),
        identifier=Identifier(system=NUMBERS, value=f"{case.number}/archive/{version}"),
        status="entered-in-error" if case.is_withdrawn else "final",
        type=CodeableConcept(coding=[Coding(system=LOINC, code="11488-4")], text="会诊归档"),
        subject=Reference(reference=f"Patient/{case.patient.fhir_id}"),
        date=at,
        author=[doctor(person) for person in (case.requester, case.holder) if person],
        title=f"会诊归档 {case.number}",
        custodian=Reference(reference=f"Organization/{case.addressee.pk}"),
        section=[_section(title, entries) for title, entries in parts if entries],
    )


def _section(title: str, entries: list[Json]) -> CompositionSection:
    references = [Reference(reference=entry["fullUrl"]) for entry in entries]
    return CompositionSection(title=title, entry=references)
