"""The values of search parameters, each kind by its own syntax (https://hl7.org/fhir/R4/search.html)."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from records.fhir import keys, ranges
from records.fhir.extraction.values import normal
from records.fhir.outcomes import NotSupported
from records.fhir.search.clauses import Binder, Condition
from records.fhir.store.rows import STRING_LIMIT
from telemed.core.errors import Malformed

MILLISECOND = "interval '1 millisecond'"
PREFIXES = ("eq", "ne", "gt", "ge", "lt", "le", "sa", "eb", "ap")
NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII).fullmatch
ESCAPED = re.compile(r"\\([\\,|$])")


def split(text: str, mark: str) -> list[str]:
    """At each comma or bar that no backslash escapes; escapes stay for the next split."""
    parts, escaped = [""], False
    for character in text:
        if character == mark and not escaped:
            parts.append("")
        else:
            parts[-1] += character
        escaped = character == "\\" and not escaped
    return parts


def plain(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def prefixed(text: str) -> tuple[str, str]:
    return (text[:2], text[2:]) if text[:2] in PREFIXES else ("eq", text)


def token(key: int, text: str) -> int:
    """`code`, `system|code`, `|code` (no system) or `system|`."""
    first, *rest = [plain(part) for part in split(text, "|")]
    if not rest:
        return keys.in_any_system(key, first)
    if len(rest) > 1:
        raise Malformed(_("A token is system|code."))
    if not rest[0]:
        return keys.of_system(key, first)
    return keys.token(key, first or None, rest[0])[0]


def token_of_type(key: int, text: str) -> int:
    parts = [plain(part) for part in split(text, "|")]
    if len(parts) != 3:
        raise Malformed(_("With :of-type a token is system|code|value."))
    return keys.of_type(key, *parts)


def string(text: str, modifier: str) -> Condition:
    """On fhir_string x. Texts are compared without case, accents and width, but for `:exact`."""
    whole = plain(text)
    norm = normal(whole)[:STRING_LIMIT]
    if modifier == "exact":
        return lambda x, bind: (
            f"{x}.norm = {bind(norm, 'text')}"
            f" and coalesce({x}.raw, {x}.norm) = {bind(whole, 'text')}"
        )
    if modifier == "contains":
        return lambda x, bind: f"position({bind(norm, 'text')} in {x}.norm) > 0"
    return lambda x, bind: (
        f"{x}.norm >= {bind(norm, 'text')} and {x}.norm < {bind(norm + chr(0x10FFFF), 'text')}"
    )


def uri_below(text: str) -> Condition:
    whole = plain(text)
    below = string(text, "")
    return lambda x, bind: (
        f"{below(x, bind)} and starts_with(coalesce({x}.raw, {x}.norm), {bind(whole, 'text')})"
    )


def _span(text: str) -> tuple[str, dict[str, datetime]]:
    """The prefix, and the range that the date stands for."""
    prefix, value = prefixed(text)
    if not ranges.ASKED(value):
        raise Malformed(_("{value} is no date.").format(value=value[:40]))
    try:
        start, end = ranges.of_date(value)
    except (ValueError, OverflowError):
        raise Malformed(_("There is no such day: {value}.").format(value=value[:40])) from None
    return prefix, {"start": start, "end": end}


DATES = {
    "eq": "{low} >= {start} and {high} <= {end}",
    "ne": "not ({low} >= {start} and {high} <= {end})",
    "gt": "{high} > {end}",
    "ge": "{high} > {start}",
    "lt": "{low} < {start}",
    "le": "{low} < {end}",
    "sa": "{low} >= {end}",
    "eb": "{high} <= {start}",
    "ap": "{low} < {end} and {high} > {start}",
}
# What each of these means for the lower end alone, where the walk along it can begin or stop.
LOWER_ENDS = {
    "eq": "{low} >= {start} and {low} <= {end}",
    "lt": "{low} < {start}",
    "le": "{low} < {end}",
    "sa": "{low} >= {end}",
    "eb": "{low} <= {start}",
    "ap": "{low} < {end}",
}
# The same where every value is a millisecond wide.
MOMENTS = {**LOWER_ENDS, "gt": "{low} >= {end} - {width}", "ge": "{low} >= {start} - {width}"}


def date(text: str, low: str, high: str) -> Condition:
    """On half-open columns {alias}.low and {alias}.high."""
    prefix, moments = _span(text)
    return _comparison(DATES[prefix], moments, low, high)


def lower_end(text: str, low: str) -> Condition | None:
    """What the comparison with a date means for the column {alias}.low, if anything."""
    prefix, moments = _span(text)
    form = LOWER_ENDS.get(prefix)
    return _comparison(form, moments, low) if form else None


def _comparison(form: str, moments: dict[str, datetime], low: str, high: str = "") -> Condition:
    def check(alias: str, bind: Binder) -> str:
        asked = {
            name: bind(moment, "timestamptz")
            for name, moment in moments.items()
            if f"{{{name}}}" in form
        }
        columns = {"low": low.format(alias=alias), "high": high.format(alias=alias)}
        return f"({form.format(**columns, **asked, width=MILLISECOND)})"

    return check


def number(text: str) -> Condition:
    """On fhir_number x: = means "rounds to it", the others compare the values themselves."""
    prefix, value = prefixed(text)
    if not NUMBER(value):
        raise Malformed(_("{value} is no number.").format(value=value[:40]))
    try:
        wanted = Decimal(value)
    except InvalidOperation:  # pragma: no cover  the pattern is stricter
        raise Malformed(_("{value} is no number.").format(value=value[:40])) from None
    low, high = ranges.of_number(wanted)
    exact = min(max(float(wanted), -ranges.LARGEST / 4), ranges.LARGEST / 4)
    grain, tenth = max(abs(exact), 1e-9) * 1e-12, abs(exact) * 0.1
    middle = "({x}.lo / 2 + {x}.hi / 2)"
    forms: dict[str, tuple[str, list[float]]] = {
        "eq": ("{x}.lo >= {0} and {x}.hi <= {1}", [low - grain, high + grain]),
        "ne": ("not ({x}.lo >= {0} and {x}.hi <= {1})", [low - grain, high + grain]),
        "gt": (f"{middle} > {{0}}", [exact + grain]),
        "sa": (f"{middle} > {{0}}", [exact + grain]),
        "ge": (f"{middle} > {{0}}", [exact - grain]),
        "lt": (f"{middle} < {{0}}", [exact - grain]),
        "eb": (f"{middle} < {{0}}", [exact - grain]),
        "le": (f"{middle} < {{0}}", [exact + grain]),
        "ap": (f"{middle} between {{0}} and {{1}}", [exact - tenth, exact + tenth]),
    }
    form, limits = forms[prefix]
    return lambda x, bind: f"({form.format(*(bind(v, 'float8') for v in limits), x=x)})"


def quantity(text: str) -> Condition:
    """`5.4`, `gt5.4|http://unitsofmeasure.org|mg`; a unit needs its system."""
    figure, *unit = [plain(part) for part in split(text, "|")]
    compared = number(figure)
    if not any(unit):
        return compared
    if len(unit) != 2 or not all(unit):
        raise NotSupported(_("Name a unit with its system: number|system|code."))
    coded = keys.unit(*unit)
    return lambda x, bind: f"({compared(x, bind)} and {x}.unit = {bind(coded, 'int8')})"


def last_updated(text: str) -> Condition:
    """`updated` is a moment to the millisecond."""
    return date(text, "{alias}.updated", f"({{alias}}.updated + {MILLISECOND})")


def updated_within(text: str) -> Condition | None:
    return moment_within(text, "{alias}.updated")


def moment_within(text: str, column: str) -> Condition | None:
    """What a comparison means for a column of moments alone, so that its index may serve."""
    prefix, moments = _span(text)
    form = MOMENTS.get(prefix)
    return _comparison(form, moments, column) if form else None
