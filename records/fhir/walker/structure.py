"""Checks of objects, arrays, choices and references, composed into one closure a type."""

import re
from typing import Any

from django.utils.translation import gettext as _

from records.fhir.definitions import TYPE_NUMBER
from records.fhir.extraction import Extracted
from records.fhir.extraction.values import Hook
from records.fhir.walker.primitives import Check, Issue, wrong

RELATIVE = re.compile(
    r"([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(/_history/[A-Za-z0-9\-.]{1,64})?(#.*)?"
)
CONDITIONAL = re.compile(r"[A-Z][A-Za-z]+\?\S+")
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.\-]*:\S+", re.IGNORECASE)


def below(step: str, issues: list[Issue]) -> list[Issue]:
    return [Issue(step + path, code, text) for path, code, text in issues]


def with_hooks(check: Check, hooks: list[Hook]) -> Check:
    """Collect search values from what passed the check."""
    if not hooks:
        return check

    def checked(value: Any, out: Extracted | None) -> list[Issue] | None:
        issues = check(value, out)
        if issues:
            return issues
        if out is not None:
            for hook in hooks:
                hook(value, out)
        return None

    return checked


def array(check: Check, *, gaps: bool = False) -> Check:
    """An array of at least one; `gaps`: null may stand for a primitive that is only extended."""

    def checked(value: Any, out: Extracted | None) -> list[Issue] | None:
        if type(value) is not list:
            return wrong("structure", _("An array is expected here."))
        if not value:
            return wrong("structure", _("An array may not be empty."))
        for place, item in enumerate(value):
            if item is None and gaps:
                continue
            issues = check(item, out)
            if issues:
                return below(f"[{place}]", issues)
        return None

    return checked


def record(
    fields: dict[str, Check], choices: dict[str, str], required: list[tuple[str, bool]]
) -> Check:
    """
    An object with these keys.

    `choices`: the keys of a choice, and its name. `required`: an element's name, and whether
    `_name` will do for it, as it does for a primitive.
    """
    get = fields.get

    def check(value: Any, out: Extracted | None) -> list[Issue] | None:
        if type(value) is not dict:
            return wrong("structure", _("An object is expected here."))
        if not value:
            return wrong("structure", _("An object may not be empty."))
        issues: list[Issue] = []
        for key, item in value.items():
            inner = get(key)
            if inner is None:
                text = _("There is no such element here.")
                issues.append(Issue(f".{key}"[:80], "structure", text))
            elif found := inner(item, out):
                issues += below(f".{key}", found)
        chosen: dict[str, str] = {}
        if choices:
            issues += _choose(value, choices, chosen)
        if required:
            issues += _missing(value, required, chosen)
        return issues

    return check


def _choose(value: dict[str, Any], choices: dict[str, str], chosen: dict[str, str]) -> list[Issue]:
    """Note which key stands for each choice; wrong is a second one."""
    keys = [(key, choices[key]) for key in value if key in choices]
    return [
        Issue(f".{key}", "structure", _("Only one of the choices may be given."))
        for key, choice in keys
        if chosen.setdefault(choice, key.removeprefix("_")) != key.removeprefix("_")
    ]


def _missing(
    value: dict[str, Any], required: list[tuple[str, bool]], chosen: dict[str, str]
) -> list[Issue]:
    return [
        Issue(f".{name}", "required", _("This element is required."))
        for name, primitive in required
        if name not in value and name not in chosen and not (primitive and f"_{name}" in value)
    ]


def reference(check: Check, targets: frozenset[str]) -> Check:
    """A Reference whose literal, if it names a type, names an allowed one (none given: any)."""

    def checked(value: Any, out: Extracted | None) -> list[Issue] | None:
        issues = check(value, out)
        text = value.get("reference") if not issues else None
        if text is None:
            return issues
        relative = RELATIVE.fullmatch(text)
        if relative and relative[1] in TYPE_NUMBER:
            if targets and relative[1] not in targets:
                refused = _("A reference to {type} is not allowed here.")
                return [Issue(".reference", "value", refused.format(type=relative[1]))]
            return None
        if text[0] == "#" or ABSOLUTE.fullmatch(text) or CONDITIONAL.fullmatch(text):
            return None
        return [Issue(".reference", "value", _("This is not a reference."))]

    return checked


def bound_concept(check: Check, codes: frozenset[str]) -> Check:
    """For a required binding it is enough that one coding is of the value set."""

    def checked(value: Any, out: Extracted | None) -> list[Issue] | None:
        issues = check(value, out)
        if issues:
            return issues
        coded = value.get("coding", [value] if "code" in value else ())
        if not coded or any(coding.get("code") in codes for coding in coded):
            return None
        return wrong("code-invalid", _("No coding is of the required value set."))

    return checked
