"""Long imports of institutions that run in the background, as the overview shows them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    label: str
    done: int
    total: int


Source = Callable[[], Progress | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Whoever imports says here how far it is; None while nothing runs. Called in ready()."""
    _sources.append(source)


def running() -> list[Progress]:
    return [progress for source in _sources if (progress := source())]
