"""What is counted of one specialist's months, from the steps of the cases and from the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from telemed.oversight.indicators import Better, Indicator

STEPS = _("The steps of the cases, from which the figures of the hospital are counted too.")
ALL = _("Everything of this doctor at this institution, by the month in which it happened.")


@dataclass(frozen=True)
class Measure:
    """One column: its words, and the count of the month that is its n."""

    key: str
    name: Any
    unit: Any
    n: str
    counts: Any
    source: Any = STEPS
    decimals: int = 0
    better: Better = Better.NEITHER

    @property
    def indicator(self) -> Indicator:
        """As the drawings of figures know it."""
        return Indicator(
            key=self.key,
            name=self.name,
            unit=self.unit,
            counts=self.counts,
            out_of=ALL,
            source=self.source,
            decimals=self.decimals,
            among=self.n,
            better=self.better,
        )


MEASURES = (
    Measure(
        "accepted",
        pgettext_lazy("credit", "Answered"),
        _("cases"),
        "accepted",
        _("Requests that this doctor accepted; those declined stand beside it."),
    ),
    Measure(
        "minutes",
        _("First answer, median"),
        _("min"),
        "first",
        _(
            "Minutes of clock time from sending a request to this doctor's answer, where nobody "
            "had answered it before."
        ),
        decimals=1,
        better=Better.LOWER,
    ),
    Measure(
        "live",
        _("Live time"),
        _("min"),
        "rooms",
        _("Minutes that count of the rooms in which this doctor was, without what was held."),
        _("The log of the rooms."),
    ),
    Measure(
        "opinions",
        _("Opinions"),
        _("cases"),
        "opinions",
        _("Opinions signed for the first time; amendments stand beside it."),
    ),
    Measure(
        "adopted",
        _("Adopted"),
        "%",
        "receipts",
        _("Receipts on this doctor's opinions that adopted them wholly."),
        better=Better.HIGHER,
    ),
    Measure(
        "outcomes",
        _("Outcomes told"),
        _("times"),
        "outcomes",
        _("How often an asking doctor told how the patient fared after this doctor's opinion."),
    ),
    Measure(
        "share",
        _("Share of the hospital"),
        _("yuan"),
        "lines",
        _(
            "The asked side's part, by its agreements, of the lines of this doctor's cases with "
            "their corrections. What of it a doctor gets is the hospital's own rule."
        ),
        _("The ledger, by the month of its statement."),
        decimals=2,
    ),
)


@dataclass(frozen=True)
class Month:
    """One month of one doctor: `counts` by name; amounts in fen."""

    first: date
    running: bool
    counts: Mapping[str, float]

    def count(self, name: str) -> int:
        return int(self.counts.get(name, 0))

    def value(self, measure: Measure) -> float | None:
        """None where there is nothing to compute."""
        match measure.key:
            case "adopted":
                receipts = self.count("receipts")
                return 100 * self.count("adopted") / receipts if receipts else None
            case "minutes":
                return self.counts.get("minutes")
            case "share":
                return self.counts.get("share", 0) / 100
            case key:
                return self.counts.get(key, 0)


@dataclass(frozen=True)
class Agreed:
    """The lines of one agreement: for whom the work was done. Fen."""

    asking: str
    number: str
    lines: int
    amount: int
    share: int
