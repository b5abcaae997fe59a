"""What is open under an agreement, said by the slices that do the work."""

from collections.abc import Callable

from telemed.core.policies import Preview
from telemed.organisations.models import Agreement

Source = Callable[[Agreement], Preview | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """
    Called in ready(). The source says how many things are open under an agreement ("3 open
    consults; they go on at their price") with a few examples, or None where there are none.
    """
    _sources.append(source)


def open_under(agreement: Agreement) -> list[Preview]:
    return [found for source in _sources if (found := source(agreement))]
