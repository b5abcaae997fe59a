"""
The gate for what comes in: one pass over a resource that checks it and extracts search values.

Closures are composed from the element tables when a type is first met. Checked are structure,
cardinality, primitive syntax, choices, target types and required bindings; FHIRPath invariants
are not.
"""

from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from records.fhir.definitions import (
    TYPE_NUMBER,
    Definition,
    Element,
    definitions,
    required_codes,
)
from records.fhir.extraction import Extracted
from records.fhir.extraction.paths import CONTAINERS, Spot, hooks_of
from records.fhir.extraction.values import Hook
from records.fhir.walker import structure
from records.fhir.walker.primitives import Check, Issue, primitive, wrong


def check(resource: Any) -> tuple[list[Issue], Extracted]:
    """Everything wrong with a resource, with paths from its type on; and its search values."""
    out = Extracted()
    if type(resource) is not dict:
        return [Issue("", "structure", _("A resource is a JSON object."))], out
    name = resource.get("resourceType")
    if type(name) is not str or name not in TYPE_NUMBER:
        text = _("There is no resource type {type} in R4.").format(type=repr(name)[:80])
        return [Issue("resourceType", "structure", text)], out
    issues = resource_check(name)(resource, out)
    return structure.below(name, issues or []), out


def any_resource(value: Any, out: Extracted | None) -> list[Issue] | None:
    """A resource inside another (contained, in a bundle): checked, and found only through it."""
    name = value.get("resourceType") if type(value) is dict else None
    if type(name) is not str or name not in TYPE_NUMBER:
        return wrong("structure", _("A resource with a known resourceType is expected here."))
    return resource_check(name)(value, None)


@cache
def resource_check(name: str) -> Check:
    return _Builder(definitions()[name], hooks_of(name)).node("")


def type_check(name: str) -> Check:
    """The check of a datatype. Types hold each other in circles, so the inner one comes late."""

    def late(value: Any, out: Extracted | None) -> list[Issue] | None:
        return _datatype(name)(value, None)

    return late


@cache
def _datatype(name: str) -> Check:
    return _Builder(definitions()[name], {}).node("")


class _Builder:
    """Composes the check of one type from its table."""

    def __init__(self, definition: Definition, hooks: dict[Spot, list[Hook]]) -> None:
        self.definition = definition
        self.hooks = hooks
        self.nodes: dict[str, Check] = {}

    def node(self, path: str) -> Check:
        fields: dict[str, Check] = {}
        choices: dict[str, str] = {}
        required = []
        for element in self.definition.children[path]:
            types = element.codes()
            for code, targets in types.items() if types else [("", frozenset[str]())]:
                self.add(fields, choices, element, code, targets)
            if element.required:
                required.append((element.name, not element.is_choice))
        if path == "" and self.definition.kind == "resource":
            fields["resourceType"] = lambda value, out: None
        self.nodes[path] = structure.record(fields, choices, required)
        return self.nodes[path]

    def add(
        self,
        fields: dict[str, Check],
        choices: dict[str, str],
        element: Element,
        code: str,
        targets: frozenset[str],
    ) -> None:
        """The key of an element for one of its types, and for a primitive the `_key` beside it."""
        key = element.name + (code[0].upper() + code[1:] if element.is_choice else "")
        kind = definitions()[code].kind if code in definitions() else ""
        simple = kind == "primitive-type"
        found = self.value(element, code, targets, simple)
        if element.many:
            found = structure.array(found, gaps=simple)
        fields[key] = structure.with_hooks(found, self.hooks.get((element.path, code), []))
        if simple:
            beside = type_check("Element")
            fields[f"_{key}"] = structure.array(beside, gaps=True) if element.many else beside
        if element.is_choice:
            choices[key] = choices[f"_{key}"] = element.name

    def value(self, element: Element, code: str, targets: frozenset[str], simple: bool) -> Check:
        codes = required_codes().get(element.value_set) if element.value_set else None
        if element.content:
            return self.elsewhere(element.content)
        if simple:
            return primitive(code, codes)
        if code in CONTAINERS:
            return self.node(element.path)
        if code == "Resource":
            return any_resource
        if code == "Reference":
            return structure.reference(type_check(code), targets)
        if codes and code in ("CodeableConcept", "Coding"):
            return structure.bound_concept(type_check(code), codes)
        return type_check(code)

    def elsewhere(self, content: str) -> Check:
        """Content that another element of the type defines; it gives no search values."""
        path = content.partition(".")[2]
        return lambda value, out: self.nodes[path](value, None)
