"""What slices above add to the patient page: a card of their own, or acts in its head."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from records.mpi.models import Patient
from telemed.people.models import User


class Place(StrEnum):
    """A card stands in the last column; acts are buttons beside the patient's name."""

    CARD = auto()
    ACTS = auto()


@dataclass(frozen=True, kw_only=True)
class Section:
    """
    One contribution. `context` says what its template needs, or None where it has nothing to say.

    It is asked for somebody who may read the record, at most a few queries, however long the list.
    """

    name: str  # also its anchor
    title: Any  # str or a lazy translation
    template: str
    context: Callable[[User, Patient], dict[str, Any] | None]
    place: Place = Place.CARD
    order: int = 50


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Called in ready(). Two sections of one name are a mistake."""
    if _sections.setdefault(section.name, section) is not section:
        raise ValueError(f"The patient page has a section {section.name} already.")


def placed(place: Place) -> list[Section]:
    """The contributions for one place, in order."""
    mine = (section for section in _sections.values() if section.place == place)
    return sorted(mine, key=lambda section: section.order)
