"""
The calendar of the national service norm (国家基本公共卫生服务规范, third edition) as data.

`every`: days from the last service to the next. `months`, `days`: how long after its anchor
something is done, once. `face`: the norm asks for a visit face to face. `asks`: what the form
cannot do without; `parts`: which parts of the norm's forms it has beside them.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from scheduling.duties import parts as forms
from scheduling.duties.items import Part
from scheduling.duties.models import Code, Duty, Kind, Risk
from scheduling.registration.models import Group

WINDOW = timedelta(days=14)  # before and after the day
RED = timedelta(days=30)
AHEAD = timedelta(days=60)  # how long before its day an age is planned
RECHECK = timedelta(days=14)
RELAPSE = timedelta(days=1)  # recheck in severe mental illness
PREGNANCY = timedelta(days=280)  # from the last period to the due date
QUARTER, HALF, YEAR, MONTH, TEN_DAYS = 90, 182, 365, 30, 10
PRESSURE, GLUCOSE = Kind.PRESSURE.value, Kind.GLUCOSE.value
HIGH_NORMAL = (130, 85)  # from here on the yearly blood pressure is measured half-yearly


class Anchor(StrEnum):
    """The day after which something is done once."""

    BIRTH = "birth"
    PERIOD = "period"  # the last one, by the due date
    DELIVERY = "delivery"
    HOME = "home"  # out of the hospital after the birth; not known: the birth


# Whom a rule is for, where it is no group that comes first: by age, or by the dates of the plan.
ADULT, EXPECTING, DELIVERED = "adult", "expecting", "delivered"


@dataclass(frozen=True, kw_only=True)
class Rule:
    code: Code
    group: Group | None  # in whose figures it counts
    whose: str = ""  # where that is not the group
    every: int  # for what is done once: days until the next thing, with half a window
    first: int = WINDOW.days  # days until it is due where it was never done
    sooner: int = 0  # `every` where the last service found a reason to come sooner
    face: bool = True
    asks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    anchor: Anchor | None = None
    months: int = 0
    days: int = 0
    unless: Code | None = None  # done once, and never by who has had this already

    @property
    def name(self) -> Any:
        return self.code.label

    @property
    def who(self) -> str:
        return self.whose or str(self.group)

    @property
    def is_repeated(self) -> bool:
        return self.anchor is None and self.unless is None


def _ages() -> tuple[Rule, ...]:
    """28 days; 3 to 36 months; then each year until six."""
    ages = [(0, 28), *((m, 0) for m in (3, 6, 8, 12, 18, 24, 30, 36, 48, 60, 72))]
    following = [62, 91, 61, 122, 183, 183, 183, 183, 365, 365, 365, 365]
    return tuple(
        Rule(
            code=Code.CHILD,
            group=Group.CHILD,
            every=every,
            parts=forms.CHILD,
            anchor=Anchor.BIRTH,
            months=months,
            days=days,
        )
        for (months, days), every in zip(ages, following, strict=True)
    )


def _weeks() -> tuple[Rule, ...]:
    """Five windows of a pregnancy: the middle of each, and when the next one begins."""
    windows = (
        (Code.ANTENATAL_1, 77, 112),  # until the last day of week 12
        (Code.ANTENATAL_2, 129, 147),
        (Code.ANTENATAL_3, 161, 196),
        (Code.ANTENATAL_4, 227, 259),
        (Code.ANTENATAL_5, 272, 294),
    )
    return tuple(
        Rule(
            code=code,
            group=Group.PREGNANT,
            whose=EXPECTING,
            every=closes - due + WINDOW.days,
            asks=(PRESSURE,),
            anchor=Anchor.PERIOD,
            days=due,
        )
        for code, due, closes in windows
    )


# How many days lie between the follow-ups of a pregnancy that has this colour, beside its five
# windows. The norm leaves it to the places; these are the usual ones (ADR 0066).
RHYTHM = {Risk.YELLOW: 28, Risk.ORANGE: 14, Risk.RED: 7, Risk.PURPLE: 28}


def _colours() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            code=Code.PREGNANCY,
            group=Group.PREGNANT,
            whose=f"risk_{colour}",
            every=days,
            first=min(days, WINDOW.days),
            asks=(PRESSURE,),
        )
        for colour, days in RHYTHM.items()
    )


RULES: tuple[Rule, ...] = (
    Rule(code=Code.HYPERTENSION, group=Group.HYPERTENSION, every=QUARTER, asks=(PRESSURE,)),
    Rule(code=Code.DIABETES, group=Group.DIABETES, every=QUARTER, asks=(GLUCOSE,)),
    Rule(
        code=Code.HYPERTENSION_EXAM,
        group=Group.HYPERTENSION,
        every=YEAR,
        asks=(PRESSURE,),
        parts=forms.EXAM,
    ),
    Rule(
        code=Code.DIABETES_EXAM,
        group=Group.DIABETES,
        every=YEAR,
        asks=(PRESSURE, GLUCOSE),
        parts=forms.EXAM,
    ),
    Rule(
        code=Code.ELDERLY_EXAM,
        group=Group.ELDERLY,
        every=YEAR,
        asks=(PRESSURE,),
        parts=forms.ELDERLY_EXAM,
    ),
    Rule(code=Code.SELF_CARE, group=Group.ELDERLY, every=YEAR, face=False, parts=forms.SELF_CARE),
    # Who has high blood pressure, or is 65, is measured with their own services.
    Rule(
        code=Code.PRESSURE,
        group=None,
        whose=ADULT,
        every=YEAR,
        sooner=HALF,
        asks=(PRESSURE,),
    ),
    # Where nobody knows the due date.
    Rule(code=Code.PREGNANCY, group=Group.PREGNANT, every=28, asks=(PRESSURE,)),
    Rule(code=Code.MENTAL, group=Group.MENTAL, every=QUARTER),
    Rule(
        code=Code.MENTAL_EXAM,
        group=Group.MENTAL,
        every=YEAR,
        asks=(PRESSURE,),
        parts=forms.MENTAL_EXAM,
    ),
    Rule(
        code=Code.TUBERCULOSIS_1,
        group=Group.TUBERCULOSIS,
        every=WINDOW.days + 7,
        first=3,
        parts=forms.TREATMENT,
        unless=Code.TUBERCULOSIS,
    ),
    # Every ten days in the intensive phase, and after a missed dose.
    Rule(
        code=Code.TUBERCULOSIS,
        group=Group.TUBERCULOSIS,
        every=MONTH,
        sooner=TEN_DAYS,
        first=TEN_DAYS,
        face=False,
        parts=forms.TREATMENT,
    ),
    Rule(
        code=Code.NEWBORN,
        group=Group.CHILD,
        every=WINDOW.days + 7,
        parts=forms.NEWBORN,
        anchor=Anchor.HOME,
        days=7,
    ),
    *_ages(),
    *_weeks(),
    *_colours(),
    Rule(
        code=Code.POSTPARTUM,
        group=Group.PREGNANT,
        whose=DELIVERED,
        every=WINDOW.days + 7,
        asks=(PRESSURE,),
        anchor=Anchor.HOME,
        days=7,
    ),
    Rule(
        code=Code.POSTPARTUM_42,
        group=Group.PREGNANT,
        whose=DELIVERED,
        every=WINDOW.days + 28,
        asks=(PRESSURE,),
        anchor=Anchor.DELIVERY,
        days=42,
    ),
)
ANTENATAL = tuple(rule.code for rule in RULES if rule.who in (Group.PREGNANT, EXPECTING))
AFTER_BIRTH = tuple(rule.code for rule in RULES if rule.who == DELIVERED)
# What a package may limit: what the norm plans, never a recheck nor what a hospital asked for.
LIMITABLE = tuple(
    dict.fromkeys(
        (rule.code.value, rule.name)
        for rule in RULES
        if rule.is_repeated or rule.code == Code.CHILD
    )
)
# What a package may name and owe by day. Named at least as often as the norm asks for it, it is
# done by the package's days alone; named less often, by the norm's, for whom the norm owes it.
NAMEABLE = tuple(dict.fromkeys((rule.code.value, rule.name) for rule in RULES if rule.is_repeated))
AS_OFTEN = YEAR - WINDOW.days  # that many days of a year are covered by so many intervals
# Where two bad values running are a warning, and of what. One at the recheck between them counts.
CONTROLS = {Code.HYPERTENSION: PRESSURE, Code.DIABETES: GLUCOSE}
# Whose high blood pressure is measured again on other days, in somebody not known to have it. The
# norm asks for three days and names no time; the guideline, four weeks (ADR 0066).
SCREENED = (Code.PRESSURE, Code.PRESSURE_AGAIN, Code.ELDERLY_EXAM, Code.RECHECK)
HIGH_DAYS = 3
ANOTHER_DAY, WITHIN = timedelta(days=7), timedelta(days=28)
LOOKS_BACK = timedelta(days=90)
_ASKS = {rule.code: rule.asks for rule in RULES}
_PARTS = {rule.code: rule.parts for rule in RULES}


def asks(duty: Duty) -> tuple[str, ...]:
    """What the form of a duty cannot do without; a recheck asks for what warned."""
    return _ASKS.get(Code(duty.rule)) or tuple(duty.asks)


def parts(duty: Duty) -> tuple[Part, ...]:
    """The parts of its form; of a recheck those that warned."""
    return forms.of_keys(_PARTS.get(Code(duty.rule)) or duty.asks)


def controls(kind: str) -> tuple[Code, ...]:
    """The follow-ups whose values of a kind are held against each other, visit by visit."""
    return (*(code for code, of in CONTROLS.items() if of == kind), Code.RECHECK)
