"""Files of rows that people bring: taken in whole, or only their good rows when that was chosen."""

from dataclasses import dataclass, field
from typing import Protocol

from django.utils.translation import gettext as _

from telemed.core import tables
from telemed.core.errors import Conflict, Invalid

SAID = 5  # rows that one sentence names


class File(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Mistaken(Conflict):
    """Rows are wrong, and nothing was stored. `mistakes` says which and why."""

    def __init__(self, mistakes: list[tables.Mistake]) -> None:
        sentence = _("{n} mistakes; nothing is stored. Mend them or choose only the good rows.")
        super().__init__(sentence.format(n=len(mistakes)), path="file")
        self.mistakes = mistakes


@dataclass
class Brought:
    """What a file brought: new ones, those that were there already, and rows left out."""

    stored: int = 0
    known: int = 0
    mistakes: list[tables.Mistake] = field(default_factory=list)

    def settle(self, *, only_good: bool) -> None:
        """Raises Mistaken unless every row was good, or some were and that is enough."""
        if self.mistakes and not (only_good and self.stored + self.known):
            raise Mistaken(self.mistakes)

    @property
    def left_out(self) -> str:
        """The first rows that were left out and why, in one sentence; empty where none was."""
        lines = [_("Row {n}: {what}").format(n=m.row, what=m.text) for m in self.mistakes[:SAID]]
        return _("Left out: {what}").format(what="; ".join(lines)) if lines else ""


def content_of(file: File | None, most: int = tables.BYTES) -> bytes:
    """What was chosen, one byte over the limit at most. Raises Invalid where nothing was."""
    if file is None:
        raise Invalid(_("Choose a CSV file."), path="file")
    return file.read(most + 1)
