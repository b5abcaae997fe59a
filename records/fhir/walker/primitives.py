"""Checks of primitive values (https://hl7.org/fhir/R4/datatypes.html#primitive)."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from records.fhir.extraction import Extracted


class Issue(NamedTuple):
    """What is wrong and where; `code` is of https://hl7.org/fhir/R4/valueset-issue-type.html."""

    path: str
    code: str
    text: str


# None: nothing is wrong. Search values are extracted only where the caller passes a place for them.
Check = Callable[[Any, Extracted | None], list[Issue] | None]

YEAR = r"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)"
DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
MONTH = r"(0[1-9]|1[0-2])"
# `\s` of the standard's patterns means ASCII white space; none may stand at either end of a code.
PATTERNS = {
    "date": rf"{YEAR}(-({DAY}|{MONTH}))?",
    "dateTime": rf"{YEAR}(-({DAY}(T{TIME}{ZONE})?|{MONTH}))?",
    "instant": rf"{YEAR}-{DAY}T{TIME}{ZONE}",
    "time": TIME,
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "code": r"\S+(\s\S+)*",
    "uri": r"\S+",
    "url": r"\S+",
    "canonical": r"\S+",
    "oid": r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+",
    "uuid": r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "base64Binary": r"[0-9A-Za-z+/=\s]+",
}
LIMITS = {
    "integer": (-(2**31), 2**31 - 1),
    "positiveInt": (1, 2**31 - 1),
    "unsignedInt": (0, 2**31 - 1),
}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]").search
ACTIVE = re.compile(
    r"<\s*(script|object|iframe|form|input|link|meta)|\son\w+\s*=|javascript:", re.IGNORECASE
).search


def wrong(code: str, text: str) -> list[Issue]:
    return [Issue("", code, text)]


def wrong_value(type_name: str) -> list[Issue]:
    return wrong("value", _("This is not a valid {type}.").format(type=type_name))


def primitive(type_name: str, codes: frozenset[str] | None) -> Check:
    """The check of one primitive type; with `codes`, of a required binding as well."""
    if codes is not None and type_name == "code":
        return _bound(codes)
    if type_name in LIMITS:
        return _whole(type_name, *LIMITS[type_name])
    if type_name in ("date", "dateTime", "instant"):
        return _moment(type_name)
    if type_name in PATTERNS:
        return _matching(type_name)
    return {"boolean": _boolean, "decimal": _decimal, "xhtml": _narrative}.get(type_name, _text)


def _bound(codes: frozenset[str]) -> Check:
    def check(value: Any, out: Extracted | None) -> list[Issue] | None:
        if type(value) is str and value in codes:
            return None
        text = _("The code {code} is not one of the required value set.")
        return wrong("code-invalid", text.format(code=repr(value)[:80]))

    return check


def _whole(type_name: str, least: int, most: int) -> Check:
    def check(value: Any, out: Extracted | None) -> list[Issue] | None:
        if type(value) is int and least <= value <= most:
            return None
        return wrong_value(type_name)

    return check


def _moment(type_name: str) -> Check:
    matches = re.compile(PATTERNS[type_name]).fullmatch

    def check(value: Any, out: Extracted | None) -> list[Issue] | None:
        if type(value) is not str or not matches(value):
            return wrong_value(type_name)
        if value[8:10] > "28":
            try:
                date.fromisoformat(value[:10])
            except ValueError:
                return wrong("value", _("There is no such day."))
        return None

    return check


def _matching(type_name: str) -> Check:
    matches = re.compile(PATTERNS[type_name], re.ASCII).fullmatch

    def check(value: Any, out: Extracted | None) -> list[Issue] | None:
        return None if type(value) is str and matches(value) else wrong_value(type_name)

    return check


def _boolean(value: Any, out: Extracted | None) -> list[Issue] | None:
    return None if value is True or value is False else wrong_value("boolean")


def _decimal(value: Any, out: Extracted | None) -> list[Issue] | None:
    return None if type(value) in (int, Decimal) else wrong_value("decimal")


def _text(value: Any, out: Extracted | None) -> list[Issue] | None:
    if type(value) is str and value and (value.isprintable() or not CONTROL(value)):
        return None
    return wrong_value("string")


def _narrative(value: Any, out: Extracted | None) -> list[Issue] | None:
    if type(value) is not str or not value.lstrip().startswith("<div") or CONTROL(value):
        return wrong_value("xhtml")
    if ACTIVE(value):
        return wrong("value", _("A narrative may hold no active content."))
    return None
