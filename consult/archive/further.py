"""What slices above file with a closed case: registered here, in ready()."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from consult.requests.models import Case

Json = dict[str, Any]


@dataclass(frozen=True)
class Further:
    """
    Entries of the document, and the parts of the page with their context.

    Both are made of what does not change once the case is closed: the same case, the same copy.
    """

    resources: Callable[[Case], Iterable[Json]]
    template: str
    pages: Callable[[Case], Iterable[Any]]


_further: list[Further] = []


def add(further: Further) -> None:
    _further.append(further)


def resources_of(case: Case) -> list[Json]:
    """Entries of a bundle, below what the case itself is made of."""
    with translation.override(settings.LANGUAGE_CODE):
        return [entry for further in _further for entry in further.resources(case)]


def pages_of(case: Case) -> list[tuple[str, Any]]:
    """Each part of the page: its template, and what it shows."""
    return [(further.template, facts) for further in _further for facts in further.pages(case)]
