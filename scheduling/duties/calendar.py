"""
The calendar of the national service norm (国家基本公共卫生服务规范, third edition) as data.

`every`: days from the last service to the next. `months`, `days`: the age at which a child is
seen, once. `face`: the norm asks for a visit face to face. `asks`: what the form cannot do without.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scheduling.duties.models import Code
from scheduling.registration.models import Group

WINDOW = timedelta(days=14)  # before and after the day
RED = timedelta(days=30)
AHEAD = timedelta(days=60)  # how long before its day an age is planned
RECHECK = timedelta(days=14)
RELAPSE = timedelta(days=1)  # recheck in severe mental illness
QUARTER, YEAR, MONTH = 90, 365, 30
PRESSURE, GLUCOSE = "pressure", "glucose"


@dataclass(frozen=True, kw_only=True)
class Rule:
    code: Code
    group: Group
    every: int  # for an age: days until the next one
    face: bool = True
    asks: tuple[str, ...] = ()
    months: int | None = None
    days: int = 0

    @property
    def name(self) -> Any:
        return self.code.label


def _ages() -> tuple[Rule, ...]:
    """28 days; 3 to 36 months; then each year until six."""
    ages = [(0, 28), *((m, 0) for m in (3, 6, 8, 12, 18, 24, 30, 36, 48, 60, 72))]
    following = [62, 91, 61, 122, 183, 183, 183, 183, 365, 365, 365, 365]
    return tuple(
        Rule(code=Code.CHILD, group=Group.CHILD, every=every, months=months, days=days)
        for (months, days), every in zip(ages, following, strict=True)
    )


RULES: tuple[Rule, ...] = (
    Rule(code=Code.HYPERTENSION, group=Group.HYPERTENSION, every=QUARTER, asks=(PRESSURE,)),
    Rule(code=Code.DIABETES, group=Group.DIABETES, every=QUARTER, asks=(GLUCOSE,)),
    Rule(code=Code.HYPERTENSION_EXAM, group=Group.HYPERTENSION, every=YEAR, asks=(PRESSURE,)),
    Rule(code=Code.DIABETES_EXAM, group=Group.DIABETES, every=YEAR, asks=(GLUCOSE,)),
    Rule(code=Code.ELDERLY_EXAM, group=Group.ELDERLY, every=YEAR, asks=(PRESSURE,)),
    Rule(code=Code.SELF_CARE, group=Group.ELDERLY, every=YEAR, face=False),
    Rule(code=Code.PREGNANCY, group=Group.PREGNANT, every=28, asks=(PRESSURE,)),
    Rule(code=Code.MENTAL, group=Group.MENTAL, every=QUARTER),
    Rule(code=Code.MENTAL_EXAM, group=Group.MENTAL, every=YEAR),
    Rule(code=Code.TUBERCULOSIS, group=Group.TUBERCULOSIS, every=MONTH, face=False),
    *_ages(),
)
# What a package may limit: what the norm plans, never a recheck nor what a hospital asked for.
LIMITABLE = tuple(dict.fromkeys((rule.code.value, rule.name) for rule in RULES))
_ASKS = {rule.code: rule.asks for rule in RULES}


def asks(code: str) -> tuple[str, ...]:
    """What the form of a duty cannot do without; a recheck asks for the blood pressure."""
    return _ASKS.get(Code(code), ())
