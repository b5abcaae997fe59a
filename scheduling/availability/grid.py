"""A week as a table: departments, in them a row for each doctor or room, a column for each day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.availability.models import RUNNING, DayRule, Session, State, Template
from scheduling.availability.queries import counts_of
from scheduling.availability.week import is_holiday
from telemed.core import moments
from telemed.organisations.models import Department, Organisation

WEEK = 7


@dataclass(frozen=True)
class Box:
    """A session, and how full it is."""

    session: Session
    taken: int
    places: int

    @property
    def is_full(self) -> bool:
        return self.taken >= self.places

    @property
    def may_move(self) -> bool:
        """It is ahead and stands; what keeps it there all the same, `stays` says."""
        still = self.session.state in (State.PLANNED, State.PUBLISHED)
        return still and self.session.starts_at > moments.now()

    @property
    def stays(self) -> str:
        """Why nobody can drag it; empty where they can."""
        if self.session.application:
            sentence = _("“{system}” keeps this session; it is moved there.")
            return sentence.format(system=self.session.application.name)
        if self.taken:
            sentence = ngettext(
                "{n} person is booked: stop it or move them.",
                "{n} people are booked: stop it or move them.",
                self.taken,
            )
            return sentence.format(n=self.taken)
        return ""


@dataclass
class Line:
    """One doctor's week, or a room's where nobody is named."""

    label: str
    cells: list[list[Box]]


@dataclass(frozen=True)
class Mark:
    """
    One day of a department: `gap` where it usually has a session and has none, or why that is so;
    else the places of what can be booked, and how many are free.
    """

    day: date
    gap: bool = False
    off: str = ""
    free: int = 0
    places: int = 0


@dataclass
class Section:
    department: Department
    marks: list[Mark]
    lines: list[Line]
    taken: int = 0
    places: int = 0


@dataclass
class Day:
    date: date
    off: str
    is_today: bool


@dataclass
class Week:
    days: list[Day]
    sections: list[Section] = field(default_factory=list)

    @property
    def gaps(self) -> int:
        return sum(mark.gap for section in self.sections for mark in section.marks)

    @property
    def taken(self) -> int:
        return sum(section.taken for section in self.sections)

    @property
    def places(self) -> int:
        return sum(section.places for section in self.sections)


def week_of(organisation: Organisation, monday: date, department: UUID | None = None) -> Week:
    """Four queries, whatever the week holds; departments with a gap come first."""
    days = [monday + timedelta(days=n) for n in range(WEEK)]
    only = Q(department=department) if department else Q()
    sessions = (
        Session.objects.filter(only, organisation=organisation, day__range=(days[0], days[-1]))
        .exclude(state=State.CANCELLED)
        .select_related("clinician", "department", "application")
        .order_by("during", "pk")
    )
    counts = counts_of(one.pk for one in sessions)
    boxes = [Box(one, *counts.get(one.pk, (0, 0))) for one in sessions]
    templates = list(_templates(organisation, days).filter(only).select_related("department"))
    rules = list(
        DayRule.objects.filter(
            organisation=organisation, clinician=None, first__lte=days[-1], last__gte=days[0]
        )
    )
    today = timezone.localdate()
    week = Week([Day(day, _why_off(day, None, rules), day == today) for day in days])
    by_department: dict[Department, list[Box]] = defaultdict(list)
    for template in templates:
        by_department[template.department]  # one without a session has its row too
    for box in boxes:
        by_department[box.session.department].append(box)
    for held, own in sorted(by_department.items(), key=lambda pair: (pair[0].name, pair[0].pk)):
        usual = [one for one in templates if one.department_id == held.pk]
        week.sections.append(_section(held, own, usual, rules, days))
    week.sections.sort(key=lambda section: not any(mark.gap for mark in section.marks))
    return week


def _templates(organisation: Organisation, days: Sequence[date]) -> QuerySet[Template]:
    in_force = Template.objects.filter(organisation=organisation, since__lte=days[-1])
    return in_force.exclude(until__lt=days[0])


def _section(
    department: Department,
    boxes: list[Box],
    usual: list[Template],
    rules: list[DayRule],
    days: Sequence[date],
) -> Section:
    running = [box for box in boxes if box.session.state in RUNNING]
    marks = [_mark(department, day, running, usual, rules) for day in days]
    rows: dict[str, list[list[Box]]] = {}
    for box in boxes:
        cells = rows.setdefault(_label(box.session), [[] for _day in days])
        cells[(box.session.day - days[0]).days].append(box)
    lines = [Line(label, cells) for label, cells in sorted(rows.items())]
    return Section(
        department,
        marks,
        lines,
        sum(box.taken for box in running),
        sum(box.places for box in running),
    )


def _label(session: Session) -> str:
    """The doctor; else the room, the examination, or what kind of session it is."""
    if session.clinician:
        return str(session.clinician)
    return session.room or session.service or session.get_kind_display()


def _mark(
    department: Department,
    day: date,
    running: Iterable[Box],
    usual: list[Template],
    rules: list[DayRule],
) -> Mark:
    there = [box for box in running if box.session.day == day]
    if there:
        still = [box for box in there if box.session.state == State.PUBLISHED]
        places = sum(box.places for box in still)
        return Mark(day, free=places - sum(box.taken for box in still), places=places)
    off = _why_off(day, department, rules)
    worked = [one for one in usual if _is_usual(one, day, department, rules)]
    return Mark(day, gap=bool(worked) and not off and day >= timezone.localdate(), off=off)


def _is_usual(template: Template, day: date, department: Department, rules: list[DayRule]) -> bool:
    rule = _rule(day, department, rules)
    weekday = rule.as_weekday if rule else day.isoweekday()
    return template.weekday == weekday and template.since <= day <= (template.until or day)


def _why_off(day: date, department: Department | None, rules: list[DayRule]) -> str:
    """Why a department has no usual day, in a word; empty on an ordinary one."""
    rule = _rule(day, department, rules)
    if rule:
        return rule.reason if rule.as_weekday is None else ""
    return _("Holiday") if is_holiday(day) else ""


def _rule(day: date, department: Department | None, rules: list[DayRule]) -> DayRule | None:
    """Of the whole institution, or of that department, which is the narrower."""
    wanted = {None, department.pk if department else None}
    found = [r for r in rules if r.first <= day <= r.last and r.department_id in wanted]
    return max(found, key=lambda rule: bool(rule.department_id), default=None)
