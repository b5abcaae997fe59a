"""Two records side by side, as the reviewer reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from records.mpi.models import HealthCard, Pair, Patient
from records.mpi.words import in_words, said_in_words


@dataclass(frozen=True)
class Line:
    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


class Compared:
    """One pair for a page."""

    def __init__(self, pair: Pair, *, late: bool = False) -> None:
        self.pair = pair
        self.late = late  # five working days, and nobody has decided
        self.reasons = in_words(pair.reasons)
        self.said = said_in_words(pair.said)

    @property
    def lines(self) -> list[Line]:
        one, other = _shown(self.pair.one), _shown(self.pair.other)
        return [Line(label, one[label], other[label]) for label in one]


def _shown(patient: Patient) -> dict[str, str]:
    """Who somebody is; of the number only its tail, and nothing clinical."""
    born: Any = patient.birth_date
    return {
        _("Name"): patient.name,
        _("Sex"): str(patient.get_sex_display()),
        _("Birth date"): born.isoformat() if born else "—",
        _("ID number"): patient.id_card_masked or "—",
        _("Temporary number"): patient.temporary_no or "—",
        _("Mother"): patient.mother.masked if patient.mother else "—",
        _("Health card"): ", ".join(c.masked for c in _cards(patient)) or "—",
        _("Phone"): patient.phone or "—",
        _("Address"): patient.address or "—",
        _("Institution"): str(patient.managing_organisation or "—"),
        _("Registered"): date_format(patient.created_at, "Y-m-d"),
    }


def _cards(patient: Patient) -> Iterable[HealthCard]:
    return [card for card in patient.health_cards.all() if card.active]
