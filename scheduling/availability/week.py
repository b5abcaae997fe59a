"""Which templates hold on which day: weeks, holidays, make-up days and days of one's own."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

import chinese_calendar
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.availability.models import DayRule, Session, Template
from telemed.organisations.models import Organisation

# As the calendar names them.
HOLIDAYS = {
    "New Year's Day": _("New Year"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
    "National Day": _("National Day"),
}


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
        .select_related("clinician__practitioner", "department", "organisation")
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


def why_closed(session: Session, day: date, rules: Iterable[DayRule]) -> str:
    """Why nothing is held on that day where this session is; empty on an ordinary one."""
    rule = _rule(session, day, rules)
    if rule:
        return rule.reason if rule.as_weekday is None else ""
    return gettext("Holiday") if is_holiday(day) else ""


def rules_of(organisation_id: UUID, first: date, last: date) -> list[DayRule]:
    """Those that speak about any of these days."""
    found = DayRule.objects.filter(organisation=organisation_id, first__lte=last, last__gte=first)
    return list(found.order_by("pk"))


def is_holiday(day: date) -> bool:
    """A free day that is no ordinary weekend; unknown years have none yet."""
    try:
        free, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return bool(free and name)


def special_days(today: date, span: int) -> list[tuple[date, bool, str]]:
    """Holidays on weekdays, and weekends that are worked (调休): the day, whether worked, why."""
    found = []
    for day in (today + timedelta(days=n) for n in range(span)):
        try:
            free, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            break
        if name:
            found.append((day, not free, HOLIDAYS.get(name, name)))
    return found


def _rule(template: Template | Session, day: date, rules: Iterable[DayRule]) -> DayRule | None:
    found = [
        rule
        for rule in rules
        if rule.first <= day <= rule.last
        and rule.department_id in (None, template.department_id)
        and rule.clinician_id in (None, template.clinician_id)
    ]
    return max(found, key=lambda r: (bool(r.clinician_id), bool(r.department_id)), default=None)
