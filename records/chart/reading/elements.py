"""The small parts of R4 resources in the reader's language: words, codes, dates, quantities."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from telemed.web import words

Json = dict[str, Any]
Row = TypeVar("Row")

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
HAN = re.compile(r"[\u3400-\u9fff]")
# SNOMED CT names end in their semantic tag, which tells a clinician nothing.
SEMANTIC_TAG = re.compile(
    r" \((?:finding|disorder|procedure|situation|regime/therapy|substance)\)$"
)
PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
UNITS = {
    "mm[Hg]": "mmHg",
    "/min": "/min",
    "{beats}/min": "/min",
    "{score}": "",
    "1": "",
    "Cel": "℃",
    "degC": "℃",
    "10*3/uL": "10³/µL",
    "10*6/uL": "10⁶/µL",
    "10*9/L": "10⁹/L",
    "10*12/L": "10¹²/L",
    "kg/m2": "kg/m²",
    "mL/min/{1.73_m2}": "mL/min/1.73 m²",
    "mL/min/1.73m2": "mL/min/1.73 m²",
}


@dataclass(frozen=True)
class Skipped:
    """A resource that makes no row, and why."""

    reference: str
    reason: str | Promise


@dataclass(frozen=True)
class Read(Generic[Row]):
    """The rows of one kind, and what was left out."""

    rows: tuple[Row, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class NotShown(Exception):
    """Raised by the reader of one resource: it makes no row, for this reason."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


ENTERED_IN_ERROR = gettext_lazy("entered in error")
NOT_DONE = gettext_lazy("not done")
REFUTED = gettext_lazy("ruled out")
NO_CONTENT = gettext_lazy("without content")
NOT_UNDERSTOOD = gettext_lazy("not readable here")


def read(resources: Iterable[Json], row: Callable[[Json], Row]) -> Read[Row]:
    """
    A row of each resource. One that cannot be read is left out and counted; the others stand.

    A modifier extension may turn the meaning round (R4 2.1.0.4.2.1); we know none, so none is read.
    """
    rows, skipped = [], []
    for resource in resources:
        reference = f"{resource.get('resourceType', '')}/{resource.get('id', '')}"
        try:
            if resource.get("modifierExtension"):
                raise NotShown(NOT_UNDERSTOOD)
            if "entered-in-error" in (
                resource.get("status"),
                code_of(resource, "verificationStatus"),
            ):
                raise NotShown(ENTERED_IN_ERROR)
            rows.append(row(resource))
        except NotShown as refusal:
            skipped.append(Skipped(reference, refusal.reason))
        except UNREADABLE:
            skipped.append(Skipped(reference, NOT_UNDERSTOOD))
    return Read(tuple(rows), tuple(skipped))


def said(element: Json, name: str) -> str:
    """A string of an element, in the reader's language where a translation is carried."""
    for extension in (element.get(f"_{name}") or {}).get("extension", ()):
        parts = {part.get("url"): part for part in extension.get("extension", ())}
        language = parts.get("lang", {}).get("valueCode", "")
        content = parts.get("content", {}).get("valueString", "")
        if extension.get("url") == TRANSLATION and content and language[:2] == _language():
            return str(content)
    return str(element.get(name) or "")


def text_of(concept: Json | None) -> str:
    """
    What a CodeableConcept says: its text, a display, at last a code; empty if it has nothing.

    Where one of them is in the reader's script and the text is not, that one is taken.
    """
    if not concept:
        return ""
    codings = sorted(concept.get("coding", ()), key=lambda coding: not coding.get("userSelected"))
    names = [said(concept, "text"), *(said(coding, "display") for coding in codings)]
    names = [SEMANTIC_TAG.sub("", name).strip() for name in names if name.strip()]
    if not names:
        return next((str(coding["code"]) for coding in codings if coding.get("code")), "")
    chinese = _language() == "zh"
    return next((name for name in names if bool(HAN.search(name)) == chinese), names[0])


def texts_of(concepts: Iterable[Json] | None) -> str:
    """Several concepts as one enumeration."""
    return listed(text_of(concept) for concept in concepts or ())


def listed(parts: Iterable[str]) -> str:
    """An enumeration, each part once."""
    # Translators: stands between the parts of an enumeration; 、 in Chinese.
    return _(", ").join(dict.fromkeys(part for part in parts if part))


def codes_of(concept: Json | None) -> frozenset[tuple[str, str]]:
    """(system, code) of each coding."""
    codings = (concept or {}).get("coding", ())
    return frozenset((c.get("system", ""), c["code"]) for c in codings if c.get("code"))


def code_of(resource: Json, name: str) -> str:
    """The first code of a CodeableConcept that has a required binding, as a status has."""
    for coding in (resource.get(name) or {}).get("coding", ()):
        if coding.get("code"):
            return str(coding["code"])
    return ""


def display_of(reference: Json | None) -> str:
    """What a Reference calls its target."""
    return said(reference or {}, "display")


@dataclass(frozen=True, order=True)
class When:
    """A FHIR date as exact as it was recorded; `at` is its beginning, to sort by."""

    at: datetime
    text: str = field(compare=False)

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def is_over(self) -> bool:
        """Whether the year, month, day or moment that it names has passed."""
        now = timezone.localtime()
        if "T" in self.text:
            return self.at < now
        return self.text < now.date().isoformat()[: len(self.text)]

    @property
    def shown(self) -> str:
        """2019, 2019-05; 05-03 of this year; today with the time."""
        if len(self.text) < len("2019-05-03"):
            return self.text
        today = timezone.localdate()
        if self.day == today:
            return words.moment(self.at) if "T" in self.text else words.day(today)
        return self.day.strftime("%m-%d") if self.day.year == today.year else self.day.isoformat()


def when(text: object) -> When | None:
    """A date, dateTime or instant of R4; none where the calendar has no such day."""
    match = PARTIAL_DATE.match(text) if isinstance(text, str) else None
    if match is None or not isinstance(text, str):
        return None
    try:
        # R4 admits leap seconds; Python's datetime knows none.
        instant = parse_datetime(text.replace(":60", ":59")) if "T" in text else None
        if instant is None:
            year, month, day = match.groups()
            zone = timezone.get_default_timezone()
            instant = datetime(int(year), int(month or 1), int(day or 1), tzinfo=zone)
        return When(instant.astimezone(UTC), text)
    except (OverflowError, ValueError):
        return None


def when_of(resource: Json, *names: str) -> When | None:
    """The first of these elements that is a date, or a period with one end."""
    for name in names:
        value = resource.get(name)
        if isinstance(value, dict):
            value = value.get("start") or value.get("end")
        if found := when(value):
            return found
    return None


def number(value: object) -> Decimal | None:
    """A JSON number as a decimal, its digits as recorded."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def figure(value: Decimal) -> str:
    """A number as people write it: recorded digits, at most two beyond the point."""
    if value and not -4 <= value.adjusted() <= 12:
        return f"{value:.2E}"
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -3:
        places = 2 if abs(value) >= 1 else 2 - value.adjusted()
        return f"{value:.{places}f}".rstrip("0").rstrip(".")
    return f"{value:f}"


def unit_of(quantity: Json) -> str:
    """The unit for people; UCUM only where no other is given, and none that is a mere note."""
    unit = said(quantity, "unit") or str(quantity.get("code") or "")
    if unit.startswith("{") and unit.endswith("}"):  # {INR}: UCUM's way to say "no unit"
        return ""
    return UNITS.get(unit, unit)


def quantity_text(quantity: Json | None) -> str:
    """≥ 5.2 mmol/L; empty without a value."""
    value = number((quantity or {}).get("value"))
    if quantity is None or value is None:
        return ""
    comparator = {"<=": "≤", ">=": "≥"}.get(
        quantity.get("comparator", ""), quantity.get("comparator")
    )
    return " ".join(filter(None, [f"{comparator or ''}{figure(value)}", unit_of(quantity)]))


def range_text(span: Json | None) -> str:
    """3.5 to 5.3 mmol/L, with a dash; one-sided with ≥ or ≤."""
    low, high = (span or {}).get("low"), (span or {}).get("high")
    if low and high:
        least, most = number(low.get("value")), number(high.get("value"))
        if least is not None and most is not None:
            return f"{figure(least)}–{figure(most)} {unit_of(high) or unit_of(low)}".strip()
    if low and (text := quantity_text(low)):
        return f"≥{text}"
    text = quantity_text(high)
    return f"≤{text}" if text else ""


def newest_first(rows: Iterable[Row], key: Callable[[Row], When | None]) -> list[Row]:
    """From the newest on; those without a date come last. Equal ones keep their order."""
    beginning = datetime.min.replace(tzinfo=UTC)

    def at(row: Row) -> datetime:
        found = key(row)
        return found.at if found else beginning

    return sorted(rows, key=at, reverse=True)


def _language() -> str:
    return (get_language() or "")[:2]
