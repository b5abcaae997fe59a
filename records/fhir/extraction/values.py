"""From a valid value of a known type to search keys: one small function per kind and type."""

import re
from collections.abc import Callable
from typing import Any
from unicodedata import combining, normalize

from records.fhir import keys, ranges
from records.fhir.extraction import Extracted, Reference

Hook = Callable[[Any, Extracted], None]
Maker = Callable[[int, int, bool], Hook]  # the parameter's key, its bit, whether it is ordered
LITERAL = re.compile(
    r"(?:https?://\S+/)?([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?"
).fullmatch
NAME_PARTS = ("text", "family", "given", "prefix", "suffix")
ADDRESS_PARTS = ("text", "line", "city", "district", "state", "country", "postalCode")
TEXTS = ("string", "markdown", "code", "id", "uri", "url", "canonical", "oid", "uuid")
QUANTITIES = ("Quantity", "Age", "Duration", "Count", "Distance", "Money")


def normal(text: str) -> str:
    """For comparing: no case, no accents, no width."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in normalize("NFKD", text).casefold() if not combining(c))


def each(value: Any) -> Any:
    return value if type(value) is list else (value,)


def coding(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for each_coding in each(value):
            code = each_coding.get("code")
            if code is not None:
                found = keys.token(key, each_coding.get("system"), code)
                out.tokens.update(found)
                out.has |= bit
                if hot:
                    out.hot.add(found[1])

    return hook


def concept(key: int, bit: int, hot: bool) -> Hook:
    inner = coding(key, bit, hot)

    def hook(value: Any, out: Extracted) -> None:
        for each_concept in each(value):
            inner(each_concept.get("coding", []), out)

    return hook


def identifier(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for each_identifier in each(value):
            text = each_identifier.get("value")
            if text is None:
                continue
            found = keys.identifier(key, each_identifier.get("system"), text)
            out.tokens.update(found)
            out.has |= bit
            if hot:
                out.hot.add(found[1])
            for kind in each_identifier.get("type", {}).get("coding", ()):
                system, code = kind.get("system", ""), kind.get("code", "")
                out.tokens.add(keys.of_type(key, system, code, text))

    return hook


def contact(key: int, bit: int, hot: bool) -> Hook:
    """A telecom is found by its value; R4 puts its `use` where a system stands."""

    def hook(value: Any, out: Extracted) -> None:
        for point in each(value):
            if "value" in point:
                out.tokens.update(keys.identifier(key, point.get("use"), point["value"]))
                out.has |= bit

    return hook


def code(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for text in each(value):
            if text is not None:
                found = keys.token(key, None, text)
                out.tokens.update(found)
                out.has |= bit
                if hot:
                    out.hot.add(found[1])

    return hook


def boolean(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        out.tokens.update(keys.token(key, None, "true" if value else "false"))
        out.has |= bit

    return hook


def presence(key: int, bit: int, hot: bool) -> Hook:
    """`X.exists() and X != false`: any value but false counts as true."""

    def hook(value: Any, out: Extracted) -> None:
        out.tokens.update(keys.token(key, None, "false" if value is False else "true"))
        out.has |= bit

    return hook


def string(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for text in each(value):
            if text:
                out.strings.append((key, text))
                out.has |= bit

    return hook


def parts(names: tuple[str, ...]) -> Maker:
    """HumanName and Address: each of their texts on its own."""

    def maker(key: int, bit: int, hot: bool) -> Hook:
        inner = string(key, bit, hot)

        def hook(value: Any, out: Extracted) -> None:
            for whole in each(value):
                for name in names:
                    if name in whole:
                        inner(whole[name], out)

        return hook

    return maker


def date(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for text in each(value):
            if text:
                out.dates.append((key, *ranges.of_date(text)))
                out.has |= bit

    return hook


def period(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for whole in each(value):
            out.dates.append((key, *ranges.of_period(whole.get("start"), whole.get("end"))))
            out.has |= bit

    return hook


def timing(key: int, bit: int, hot: bool) -> Hook:
    """From the first event to the last, or the bounds of the repetition."""

    def hook(value: Any, out: Extracted) -> None:
        for whole in each(value):
            spans = [ranges.of_date(text) for text in whole.get("event", ()) if text]
            bounds = whole.get("repeat", {}).get("boundsPeriod")
            if bounds:
                spans.append(ranges.of_period(bounds.get("start"), bounds.get("end")))
            if spans:
                out.dates.append((key, min(s[0] for s in spans), max(s[1] for s in spans)))
                out.has |= bit

    return hook


def number(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for figure in each(value):
            if figure is not None:
                out.numbers.append((key, *ranges.of_number(figure), None))
                out.has |= bit

    return hook


def quantity(key: int, bit: int, hot: bool) -> Hook:
    """Once under its unit's code, which the query may name or leave out."""

    def hook(value: Any, out: Extracted) -> None:
        for whole in each(value):
            if "value" not in whole:
                continue
            unit = whole.get("code") or whole.get("currency") or whole.get("unit")
            coded = keys.unit(whole.get("system", ""), unit) if unit else None
            out.numbers.append((key, *ranges.of_number(whole["value"]), coded))
            out.has |= bit

    return hook


def span(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for whole in each(value):
            low, high = whole.get("low", {}).get("value"), whole.get("high", {}).get("value")
            least = -ranges.LARGEST if low is None else ranges.of_number(low)[0]
            most = ranges.LARGEST if high is None else ranges.of_number(high)[1]
            out.numbers.append((key, least, most, None))
            out.has |= bit

    return hook


def uri(key: int, bit: int, hot: bool) -> Hook:
    def hook(value: Any, out: Extracted) -> None:
        for text in each(value):
            if text:
                out.tokens.add(keys.uri(key, text))
                out.strings.append((key, text))
                out.has |= bit

    return hook


def canonical(key: int, bit: int, hot: bool) -> Hook:
    """A reference by address, with and without its version."""

    def hook(value: Any, out: Extracted) -> None:
        for text in each(value):
            if text:
                out.tokens.update((keys.uri(key, text), keys.uri(key, text.partition("|")[0])))
                out.has |= bit

    return hook


def reference(only: str | None = None) -> Maker:
    """To any type, or to one (`resolve() is Patient`)."""

    def maker(key: int, bit: int, hot: bool) -> Hook:
        logical = keys.by_identifier(key)

        def hook(value: Any, out: Extracted) -> None:
            for whole in each(value):
                text = whole.get("reference")
                literal = LITERAL(text) if text else None
                if literal and only in (None, literal[1]):
                    out.references.append(Reference(key, literal[1], literal[2]))
                    out.has |= bit
                elif text and not literal and only is None and text[0] != "#":
                    out.tokens.add(keys.uri(key, text))
                    out.has |= bit
                named = whole.get("identifier")
                if named and "value" in named and only in (None, whole.get("type")):
                    out.tokens.update(keys.identifier(logical, named.get("system"), named["value"]))

        return hook

    return maker


MAKERS: dict[str, dict[str, Maker]] = {
    "token": {
        "CodeableConcept": concept,
        "Coding": coding,
        "Identifier": identifier,
        "ContactPoint": contact,
        "boolean": boolean,
        **dict.fromkeys(TEXTS, code),
    },
    "string": {
        **dict.fromkeys(TEXTS, string),
        "HumanName": parts(NAME_PARTS),
        "Address": parts(ADDRESS_PARTS),
        "CodeableConcept": parts(("text",)),
        "Annotation": parts(("text",)),
    },
    "date": {
        **dict.fromkeys(("date", "dateTime", "instant"), date),
        "Period": period,
        "Timing": timing,
    },
    "number": {
        **dict.fromkeys(("integer", "decimal", "positiveInt", "unsignedInt"), number),
        "Range": span,
    },
    "quantity": {**dict.fromkeys(QUANTITIES, quantity), "Range": span},
    "reference": {
        "Reference": reference(),
        **dict.fromkeys(("canonical", "uri", "url"), canonical),
    },
    "uri": dict.fromkeys(("uri", "url", "canonical", "oid", "uuid"), uri),
}
