"""What slices above show on the page of a case: registered here, in ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from consult.requests.models import Case
from telemed.people.models import User


@dataclass(frozen=True)
class Panel:
    """
    A template and its context for one account; None where there is nothing to show it.

    Whoever may know of the case is asked for, also who reads none of its clinical text.
    """

    template: str
    context: Callable[[User, Case], dict[str, Any] | None]
    below: bool = False  # below the act of the page, not above it


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Called in ready(), in the order in which they stand on the page."""
    _panels.append(panel)


def shown(actor: User, case: Case, *, below: bool) -> list[tuple[str, dict[str, Any]]]:
    """Template and context of each panel of that place that has something to show."""
    here = [panel for panel in _panels if panel.below == below]
    drawn = [(panel.template, panel.context(actor, case)) for panel in here]
    return [(template, context) for template, context in drawn if context is not None]
