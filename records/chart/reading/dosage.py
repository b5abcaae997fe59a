"""How a medicine is taken, in a few words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from records.chart.reading.elements import (
    Json,
    figure,
    number,
    quantity_text,
    range_text,
    said,
    text_of,
    texts_of,
)


def dosage_text(dosages: Iterable[Json]) -> str:
    """The words of the prescription, else amount, rhythm, route; several joined by "then"."""
    # Translators: stands between the steps of a dosage.
    return _("; ").join(filter(None, (_one(dosage) for dosage in dosages)))


def _one(dosage: Json) -> str:
    if text := said(dosage, "text").strip():
        return text
    parts = [_amount(dosage), _rhythm(dosage.get("timing")), text_of(dosage.get("route"))]
    if dosage.get("asNeededBoolean") or dosage.get("asNeededCodeableConcept"):
        parts += [_("as needed"), text_of(dosage.get("asNeededCodeableConcept"))]
    parts += [texts_of(dosage.get("additionalInstruction")), said(dosage, "patientInstruction")]
    return " ".join(filter(None, parts))


def _amount(dosage: Json) -> str:
    for dose in dosage.get("doseAndRate", ()):
        text = quantity_text(dose.get("doseQuantity")) or range_text(dose.get("doseRange"))
        text = text or quantity_text(dose.get("rateQuantity")) or range_text(dose.get("rateRange"))
        if text:
            return text
    return ""


def _rhythm(timing: Json | None) -> str:
    if not timing:
        return ""
    if text := text_of(timing.get("code")):
        return text
    repeat = timing.get("repeat") or {}
    times, every = number(repeat.get("frequency", 1)), number(repeat.get("period"))
    if times is None or every is None:
        return ""
    count = int(times)
    said_times = ngettext("{} time", "{} times", count).format(count)
    # Translators: how often a medicine is taken: "2 times every 1 day"; 每1天2次 in Chinese.
    return _("{times} every {period} {unit}").format(
        times=said_times, period=figure(every), unit=_units().get(repeat.get("periodUnit"), "")
    )


def _units() -> dict[str | None, str]:
    return {
        "s": pgettext("period", "s"),
        "min": pgettext("period", "min"),
        "h": pgettext("period", "h"),
        "d": pgettext("period", "d"),
        "wk": pgettext("period", "weeks"),
        "mo": pgettext("period", "months"),
        "a": pgettext("period", "years"),
    }
