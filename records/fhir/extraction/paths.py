"""Search expressions, compiled once: hooks on the elements where the walker meets their values."""

from collections import defaultdict
from typing import Any

from records.fhir import keys
from records.fhir.definitions import Definition, Parameter, definitions, parameters
from records.fhir.extraction import Extracted
from records.fhir.extraction.values import MAKERS, Hook, Maker, each, presence, reference

# Tokens that must be exact, ordered by time or found at once: they get an ordered table too.
HOT = {
    "Appointment": {"status"},
    "Condition": {"code", "category"},
    "DiagnosticReport": {"code", "category"},
    "DocumentReference": {"type"},
    "Encounter": {"class"},
    "Immunization": {"vaccine-code"},
    "MedicationRequest": {"code"},
    "Observation": {"code", "category"},
    "Procedure": {"code"},
    "ServiceRequest": {"status"},
    "Task": {"status"},
}
Spot = tuple[str, str]  # the path of an element, and the type of its value
CONTAINERS = ("BackboneElement", "Element")


def is_hot(resource_type: str, name: str) -> bool:
    return name == "identifier" or name in HOT.get(resource_type, ())


def hooks_of(resource_type: str) -> dict[Spot, list[Hook]]:
    """The hooks of every parameter of a type, by the spot of the walker they hang on."""
    found: dict[Spot, list[Hook]] = defaultdict(list)
    for parameter in parameters(resource_type).values():
        for path in parameter.paths:
            for spot, hook in _Compiler(resource_type, parameter).attach(path):
                found[spot].append(hook)
    return dict(found)


class _Compiler:
    """Follows one path of one parameter through the element tables."""

    def __init__(self, resource_type: str, parameter: Parameter) -> None:
        self.root = definitions()[resource_type]
        self.key = keys.parameter(resource_type, parameter.name)
        self.bit = 1 << parameter.bit
        self.kind = parameter.kind
        self.hot = is_hot(resource_type, parameter.name)

    def made(self, maker: Maker) -> Hook:
        return maker(self.key, self.bit, self.hot)

    def attach(self, path: tuple[str, ...]) -> list[tuple[Spot, Hook]]:
        """Go down the resource's own elements as far as fields lead; the rest is inside a value."""
        at, steps = "", list(path)
        while steps:
            element = next((e for e in self.root.children[at] if e.name == steps[0]), None)
            if element is None:
                return []
            steps.pop(0)
            types = list(element.codes())
            if steps and steps[0].startswith("as:"):
                types = [code for code in types if code == steps[0][3:]]
                steps.pop(0)
            at = element.path
            nested = types[:1] and types[0] in CONTAINERS
            if nested and steps and ":" not in steps[0] and not element.is_choice:
                continue  # go on into the backbone
            pairs = ((code, self.inside(code, steps, self.root, at)) for code in types)
            return [((at, code), hook) for code, hook in pairs if hook]
        return []

    def inside(self, code: str, steps: list[str], definition: Definition, at: str) -> Hook | None:
        """A hook for values of that type, with the rest of the path; None if it leads nowhere."""
        if not steps:
            maker = MAKERS[self.kind].get(code)
            return self.made(maker) if maker else None
        step, rest = steps[0], steps[1:]
        match step.partition(":"):
            case ("exists", _, _):
                return self.made(presence)
            case ("is", _, target):
                return self.made(reference(target)) if code == "Reference" else None
            case ("where", _, test):
                return self.where(code, test, rest, definition, at)
            case ("as", _, wanted):
                return self.inside(code, rest, definition, at) if code == wanted else None
        return self.field(code, step, rest, definition, at)

    def where(
        self, code: str, test: str, rest: list[str], definition: Definition, at: str
    ) -> Hook | None:
        name, _, wanted = test.partition("=")
        inner = self.inside(code, rest, definition, at)
        if inner is None:
            return None

        def hook(value: Any, out: Extracted) -> None:
            for whole in each(value):
                if whole.get(name) == wanted:
                    inner(whole, out)

        return hook

    def field(
        self, code: str, name: str, rest: list[str], definition: Definition, at: str
    ) -> Hook | None:
        if code not in CONTAINERS:
            definition, at = definitions()[code], ""
        element = next((e for e in definition.children.get(at, ()) if e.name == name), None)
        if element is None:
            return None
        fields: list[tuple[str, Hook]] = []
        for inner_code in element.codes():
            inner = self.inside(inner_code, rest, definition, element.path)
            if inner:
                suffix = inner_code[0].upper() + inner_code[1:] if element.is_choice else ""
                fields.append((name + suffix, inner))
        if not fields:
            return None

        def hook(value: Any, out: Extracted) -> None:
            for whole in each(value):
                for key, inner in fields:
                    if key in whole:
                        inner(whole[key], out)

        return hook
