"""Which templates hold on which day: weeks, holidays, make-up days and days of one's own."""

from collections.abc import Iterable, Iterator
from datetime import date

import chinese_calendar

from scheduling.availability.models import DayRule, Template
from telemed.organisations.models import Organisation


def templates_of(
    organisation: Organisation, days: Iterable[date]
) -> Iterator[tuple[date, Template]]:
    """Day by day, in the order of their hours."""
    wanted = sorted(set(days))
    if not wanted:
        return
    templates = list(
        Template.objects.filter(organisation=organisation, since__lte=wanted[-1])
        .exclude(until__lt=wanted[0])
        .select_related("clinician__practitioner")
        .order_by("starts", "pk")
    )
    rules = list(
        DayRule.objects.filter(
            organisation=organisation, first__lte=wanted[-1], last__gte=wanted[0]
        ).order_by("pk")
    )
    for day in wanted:
        for template in templates:
            if holds(template, day, rules):
                yield day, template


def holds(template: Template, day: date, rules: Iterable[DayRule]) -> bool:
    """Whether this template makes a session on that day. The narrowest rule of a day decides."""
    if not template.since <= day <= (template.until or day):
        return False
    rule = _rule(template, day, rules)
    if rule:
        return rule.as_weekday == template.weekday
    if is_holiday(day) and not template.on_holidays:
        return False
    return day.isoweekday() == template.weekday


def is_holiday(day: date) -> bool:
    """A free day that is no ordinary weekend; unknown years have none yet."""
    try:
        free, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return bool(free and name)


def _rule(template: Template, day: date, rules: Iterable[DayRule]) -> DayRule | None:
    found = [
        rule
        for rule in rules
        if rule.first <= day <= rule.last
        and rule.department_id in (None, template.department_id)
        and rule.clinician_id in (None, template.clinician_id)
    ]
    return max(found, key=lambda r: (bool(r.clinician_id), bool(r.department_id)), default=None)
