"""
The national schedule of vaccinations (国家免疫规划, 2021; 百白破 as since 2025), as data.

A child's service asks for what is due at its age; who gives them is the vaccination clinic.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

# Age in months, vaccine, and which dose of it.
DOSES: tuple[tuple[int, Any, int], ...] = (
    (0, _("hepatitis B"), 1),
    (0, _("BCG"), 1),
    (1, _("hepatitis B"), 2),
    (2, _("polio"), 1),
    (2, _("DTP"), 1),
    (3, _("polio"), 2),
    (4, _("polio"), 3),
    (4, _("DTP"), 2),
    (6, _("hepatitis B"), 3),
    (6, _("DTP"), 3),
    (6, _("meningitis A"), 1),
    (8, _("measles, mumps, rubella"), 1),
    (8, _("Japanese encephalitis"), 1),
    (9, _("meningitis A"), 2),
    (18, _("measles, mumps, rubella"), 2),
    (18, _("DTP"), 4),
    (18, _("hepatitis A"), 1),
    (24, _("Japanese encephalitis"), 2),
    (36, _("meningitis A+C"), 1),
    (48, _("polio"), 4),
    (72, _("DTP"), 5),
    (72, _("meningitis A+C"), 2),
)
VISITS = (0, 3, 6, 8, 12, 18, 24, 30, 36, 48, 60, 72)  # months


def due_at(born: date, day: date) -> list[str]:
    """The doses that have become due since the visit before that one, in words."""
    return [str(_("{vaccine} {n}")).format(vaccine=name, n=nth) for name, nth in _new(born, day)]


def _new(born: date, day: date) -> Iterator[tuple[Any, int]]:
    now = _months(born, day)
    before = max((age for age in VISITS if age < now), default=-1)
    for months, name, nth in DOSES:
        if before < months <= now:
            yield name, nth


def _months(born: date, day: date) -> int:
    last = monthrange(day.year, day.month)[1]
    begun = (day.year - born.year) * 12 + day.month - born.month
    return begun - (day.day < min(born.day, last))
