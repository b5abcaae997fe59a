"""Observations: one measurement each, gathered into results by what was measured."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum, auto

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.chart.reading import terms
from records.chart.reading.elements import (
    LOINC,
    NO_CONTENT,
    Json,
    NotShown,
    Read,
    When,
    code_of,
    codes_of,
    listed,
    newest_first,
    number,
    quantity_text,
    range_text,
    read,
    said,
    text_of,
    unit_of,
    when,
    when_of,
)

POINTS = 12  # of a trend, the newest
# v3-ObservationInterpretation, as far as it says something to a reader.
FLAGS = {"HH": "HH", "HU": "HH", "H": "H", "LL": "LL", "LU": "LL", "L": "L", "AA": "AA", "A": "A"}
CRITICAL = {"HH", "LL", "AA"}


class Group(StrEnum):
    VITAL = auto()
    LABORATORY = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Measurement:
    """One value; `amount` is its number, if any; `flag` is H, L or A, doubled where critical."""

    key: str  # what was measured: "http://loinc.org|718-7"; the text where there is no code
    label: str
    group: Group
    text: str
    unit: str = ""
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    reference: str = ""
    flag: str = ""
    at: When | None = None
    note: str = ""  # preliminary, corrected
    code: str = ""  # LOINC
    answer: frozenset[tuple[str, str]] = frozenset()  # of a coded value
    id: str = ""

    @property
    def critical(self) -> bool:
        return self.flag in CRITICAL

    @property
    def arrow(self) -> str:
        """↑ ↓ beside the figure: the flag without colour."""
        return {"H": "↑", "HH": "⇈", "L": "↓", "LL": "⇊", "A": "!", "AA": "‼"}.get(self.flag, "")

    @property
    def full(self) -> str:
        """162/94 mmHg"""
        return " ".join(filter(None, [self.text, self.unit]))


@dataclass(frozen=True)
class Result:
    """What was measured, its newest value, and the comparable ones before it, oldest first."""

    newest: Measurement
    points: tuple[Measurement, ...] = field(default=())
    count: int = 1


def measurements(observations: Iterable[Json]) -> Read[Measurement]:
    """Each observation with a value, newest first."""
    found = read(observations, _measurement)
    return Read(tuple(newest_first(found.rows, lambda row: row.at)), found.skipped)


def results(found: Read[Measurement]) -> Read[Result]:
    """One row a kind of measurement, those measured last first."""
    by_key: dict[str, list[Measurement]] = {}
    for row in found.rows:
        by_key.setdefault(row.key, []).append(row)
    return Read(tuple(_result(rows) for rows in by_key.values()), found.skipped)


def _result(rows: list[Measurement]) -> Result:
    """Only the same unit makes a trend: 7.2 g/dL and 72 g/L are not a fall."""
    newest = rows[0]
    same = [row for row in rows if row.amount is not None and row.unit == newest.unit and row.at]
    return Result(newest, tuple(reversed(same[:POINTS])), len(rows))


def _measurement(observation: Json) -> Measurement:
    if observation.get("status") == "cancelled":
        raise NotShown(gettext_lazy("cancelled"))
    code = observation.get("code")
    loinc = next((code for system, code in sorted(codes_of(code)) if system == LOINC), "")
    label = str(terms.NAMES.get(loinc) or text_of(code))
    value = _pressure(observation) or _value(observation) or _components(observation)
    if not label or value is None:
        raise NotShown(NO_CONTENT)
    low, high, reference = _reference(observation)
    systems = sorted(f"{system}|{code}" for system, code in codes_of(code))
    return Measurement(
        key=f"{LOINC}|{loinc}" if loinc else next(iter(systems), label.casefold()),
        label=label,
        group=_group(observation, loinc),
        low=low,
        high=high,
        reference=reference,
        flag=_flag(observation, value.amount, low, high),
        at=when_of(
            observation, "effectiveDateTime", "effectiveInstant", "effectivePeriod", "issued"
        ),
        note=_notes().get(observation.get("status", ""), ""),
        code=loinc,
        answer=codes_of(observation.get("valueCodeableConcept")),
        id=observation.get("id", ""),
        text=value.text,
        unit=value.unit,
        amount=value.amount,
    )


@dataclass(frozen=True)
class Value:
    text: str
    unit: str = ""
    amount: Decimal | None = None


def _value(element: Json) -> Value | None:
    """value[x] of an Observation or of its component; a reason why there is none is a value."""
    if quantity := element.get("valueQuantity"):
        amount = number(quantity.get("value"))
        if amount is not None:
            sign = quantity_text({**quantity, "unit": "", "code": ""})
            comparable = amount if not quantity.get("comparator") else None
            return Value(sign, unit_of(quantity), comparable)
    if (whole := element.get("valueInteger")) is not None:
        return Value(str(whole), amount=number(whole))
    text = _words(element)
    if not text and (reason := text_of(element.get("dataAbsentReason"))):
        text = _("no value: {}").format(reason)
    return Value(text) if text else None


def _words(element: Json) -> str:
    if "valueBoolean" in element:
        return _("Yes") if element["valueBoolean"] else _("No")
    if ratio := element.get("valueRatio"):
        sides = [quantity_text(ratio.get(side)) for side in ("numerator", "denominator")]
        return " : ".join(filter(None, sides))
    if period := element.get("valuePeriod"):
        ends = [
            found.shown if (found := when(period.get(end))) else "…" for end in ("start", "end")
        ]
        return "–".join(ends)
    if "valueSampledData" in element:
        return _("a recorded curve")
    dated = when(element.get("valueDateTime"))
    return (
        text_of(element.get("valueCodeableConcept"))
        or said(element, "valueString")
        or range_text(element.get("valueRange"))
        or str(element.get("valueTime") or "")
        or (dated.shown if dated else "")
    )


def _pressure(observation: Json) -> Value | None:
    """Systolic over diastolic, as everybody reads it; the trend follows the systolic."""
    parts: dict[str, Value] = {}
    for component in observation.get("component", ()):
        for system, code in codes_of(component.get("code")):
            if system == LOINC and code in {terms.SYSTOLIC, terms.DIASTOLIC}:
                value = _value(component)
                if value and value.amount is not None:
                    parts[code] = value
    if parts.keys() != {terms.SYSTOLIC, terms.DIASTOLIC}:
        return None
    upper, lower = parts[terms.SYSTOLIC], parts[terms.DIASTOLIC]
    upper_text, lower_text = (
        str(round(amount)) for amount in (upper.amount, lower.amount) if amount is not None
    )
    return Value(f"{upper_text}/{lower_text}", upper.unit, upper.amount)


def _components(observation: Json) -> Value | None:
    parts = []
    for component in observation.get("component", ()):
        value = _value(component)
        if value:
            code = next((c for s, c in codes_of(component.get("code")) if s == LOINC), "")
            label = terms.NAMES.get(code) or text_of(component.get("code"))
            parts.append(" ".join(filter(None, [str(label), value.text, value.unit])))
    return Value(listed(parts)) if parts else None


def _reference(observation: Json) -> tuple[Decimal | None, Decimal | None, str]:
    """The normal range: its ends, and its words."""
    for span in observation.get("referenceRange", ()):
        kind = code_of(span, "type")
        if kind in {"", "normal"}:
            low, high = (number((span.get(end) or {}).get("value")) for end in ("low", "high"))
            return low, high, said(span, "text") or range_text(span)
    return None, None, ""


def _flag(
    observation: Json, amount: Decimal | None, low: Decimal | None, high: Decimal | None
) -> str:
    """What the laboratory says; else what the range says."""
    stated = [
        coding.get("code")
        for concept in observation.get("interpretation", ())
        for coding in concept.get("coding", ())
    ]
    if flags := [FLAGS[code] for code in stated if code in FLAGS]:
        return max(flags, key=lambda flag: flag in CRITICAL)
    if stated or amount is None:
        return ""
    if high is not None and amount > high:
        return "H"
    return "L" if low is not None and amount < low else ""


def _group(observation: Json, loinc: str) -> Group:
    kinds = {code for concept in observation.get("category", ()) for _s, code in codes_of(concept)}
    if "vital-signs" in kinds or loinc in terms.VITAL_SIGNS:
        return Group.VITAL
    return Group.LABORATORY if "laboratory" in kinds else Group.OTHER


def _notes() -> dict[str, str]:
    return {
        "preliminary": _("preliminary"),
        "registered": _("preliminary"),
        "amended": _("corrected"),
        "corrected": _("corrected"),
    }
