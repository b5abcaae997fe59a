"""The R4 4.0.1 definitions as tables: elements, required codes, search parameters, compartment."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def _table(name: str) -> Any:
    return json.loads((HERE / name).read_text())


# The number of a type is its place in this list, for ever: new types go at the end.
TYPES: tuple[str, ...] = tuple(_table("types.json"))
TYPE_NUMBER = {name: number for number, name in enumerate(TYPES)}
# Types with a partition of their own; migration 0001 made them, the others share one.
PARTITIONED = (
    "Observation",
    "Condition",
    "Encounter",
    "Procedure",
    "DiagnosticReport",
    "MedicationRequest",
    "Immunization",
    "Claim",
    "ExplanationOfBenefit",
    "Patient",
    "Appointment",
    "ServiceRequest",
)
# Without a patient these are open to every clinical or managing account: who and where, and words.
SHARED = frozenset(
    [
        "ActivityDefinition",
        "ChargeItemDefinition",
        "CodeSystem",
        "CompartmentDefinition",
        "ConceptMap",
        "DeviceDefinition",
        "Endpoint",
        "EventDefinition",
        "Evidence",
        "EvidenceVariable",
        "ExampleScenario",
        "GraphDefinition",
        "HealthcareService",
        "ImplementationGuide",
        "InsurancePlan",
        "Library",
        "Location",
        "Measure",
        "Medication",
        "MedicationKnowledge",
        "MessageDefinition",
        "NamingSystem",
        "ObservationDefinition",
        "OperationDefinition",
        "Organization",
        "OrganizationAffiliation",
        "PlanDefinition",
        "Practitioner",
        "PractitionerRole",
        "Questionnaire",
        "ResearchDefinition",
        "ResearchElementDefinition",
        "Schedule",
        "SearchParameter",
        "Slot",
        "SpecimenDefinition",
        "StructureDefinition",
        "StructureMap",
        "Substance",
        "TerminologyCapabilities",
        "ValueSet",
    ]
)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type; `path` has no type in front ("name", "contact.name")."""

    path: str
    required: bool
    many: bool
    types: tuple[str, ...]
    value_set: str
    content: str  # "Questionnaire.item" when the content is defined there

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2].removesuffix("[x]")

    @property
    def is_choice(self) -> bool:
        return self.path.endswith("[x]")

    def codes(self) -> dict[str, frozenset[str]]:
        """Type code to the target types allowed; empty targets: any."""
        split = (text.partition(":") for text in self.types)
        return {code: frozenset(targets.split(",")) - {""} for code, _, targets in split}


@dataclass(frozen=True, slots=True)
class Definition:
    """One resource type or datatype."""

    name: str
    kind: str  # resource, complex-type, primitive-type
    elements: dict[str, Element]  # by path
    children: dict[str, tuple[Element, ...]]  # by the path of their parent; "" is the root


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter of one type."""

    name: str
    kind: str  # token, reference, string, date, number, quantity, uri
    paths: tuple[tuple[str, ...], ...]
    targets: frozenset[str]
    bit: int  # its place in `has`


def _definition(name: str, kind: str, rows: list[list[Any]]) -> Definition:
    elements: dict[str, Element] = {}
    children: dict[str, list[Element]] = {}
    for path, minimum, many, types, *rest in rows:
        value_set, content = rest or ("", "")
        element = Element(path, minimum > 0, bool(many), tuple(types), value_set, content)
        elements[path] = element
        children.setdefault(path.rpartition(".")[0], []).append(element)
    return Definition(name, kind, elements, {k: tuple(v) for k, v in children.items()})


@cache
def definitions() -> dict[str, Definition]:
    table = _table("elements.json").items()
    return {name: _definition(name, kind, rows) for name, (kind, rows) in table}


@cache
def required_codes() -> dict[str, frozenset[str]]:
    """Value set to codes, for the required bindings that the standard can expand."""
    return {url: frozenset(codes) for url, codes in _table("codes.json").items()}


@cache
def _search() -> dict[str, dict[str, Any]]:
    return _table("search.json")


@cache
def parameters(resource_type: str) -> dict[str, Parameter]:
    """By name. `_id` and `_lastUpdated` are columns and not among them."""
    own = {**_search().get(resource_type, {}), **_search()["Resource"]}
    return {
        name: Parameter(name, kind, tuple(map(tuple, paths)), frozenset(targets), bit)
        for bit, (name, (kind, paths, targets)) in enumerate(own.items())
    }


@cache
def patient_parameters(resource_type: str) -> tuple[str, ...]:
    """The parameters that say whose record an instance is; the first that names one wins."""
    if resource_type == "Patient":
        return ()
    inside = _table_of_compartment().get(resource_type, [])
    usual = ["patient", "subject", "beneficiary", "individual"]
    known = parameters(resource_type)
    return tuple(dict.fromkeys(name for name in [*usual, *inside] if name in known))


@cache
def _table_of_compartment() -> dict[str, list[str]]:
    return _table("compartment.json")
