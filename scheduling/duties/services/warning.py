"""What is a warning: a value by itself, a sign, or a second visit running that is no better."""

from dataclasses import dataclass

from django.utils import timezone

from scheduling.duties import calendar, queries
from scheduling.duties.models import Code, Duty
from scheduling.duties.services.finding import Findings


@dataclass(frozen=True)
class Warned:
    asks: tuple[str, ...]  # what the recheck has to measure


def find_warning(duty: Duty, found: Findings) -> Warned | None:
    """Of signs alone the recheck asks for what the service asks for."""
    kinds = found.alarms | _again(duty, found)
    if not kinds and not found.signs:
        return None
    return Warned(tuple(sorted(kinds or calendar.asks(duty))))


def _again(duty: Duty, found: Findings) -> set[str]:
    """Not controlled now, nor at the visit before."""
    if calendar.CONTROLS.get(Code(duty.rule)) not in found.uncontrolled:
        return set()
    day = timezone.localdate(found.at())
    return found.uncontrolled & set(queries.bad_before([duty], day).get(duty.pk, {}))
