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

from scheduling.availability.gaps import Gap, Why, covered_by, gaps_of, reasons
from scheduling.availability.models import RUNNING, DayRule, Session, State, Template
from scheduling.availability.queries import counts_of
from scheduling.availability.week import is_holiday, rules_of
from telemed.core import moments
from telemed.organisations.models import Department, Organisation

WEEK = 7
AHEAD = timedelta(days=28)  # what is planned; after it nothing is missing yet


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
class Cell:
    """One day of somebody: the sessions there, and half days that are usually theirs."""

    day: date
    boxes: list[Box] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


@dataclass
class Line:
    """One doctor's week, or a room's where nobody is named."""

    label: str
    cells: list[Cell]

    @property
    def doctor(self) -> UUID | None:
        """Whose sessions could be stopped; none where a system keeps them."""
        sessions = (box.session for cell in self.cells for box in cell.boxes)
        own = (one for one in sessions if not one.application_id)
        return next((one.clinician_id for one in own), None)


@dataclass(frozen=True)
class Mark:
    """
    One day of a department: the half days on which it usually has a session and has none, or why
    that is so; the places of what can be booked, and how many are free.
    """

    day: date
    gaps: tuple[Gap, ...] = ()
    off: str = ""
    free: int = 0
    places: int = 0

    @property
    def gap(self) -> bool:
        return bool(self.gaps)


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
    """The seven days from that Monday on."""
    return days_of(organisation, [monday + timedelta(days=n) for n in range(WEEK)], department)


def days_of(
    organisation: Organisation, days: Sequence[date], department: UUID | None = None
) -> Week:
    """Five queries, whatever the days hold; departments with a gap come first."""
    only = Q(department=department) if department else Q()
    span = (days[0], days[-1])
    found = list(
        Session.objects.filter(
            only, Q(day__range=span) | Q(of_day__range=span), organisation=organisation
        )
        .select_related("clinician", "department", "application", "template")
        .order_by("during", "pk")
    )
    shown = [one for one in found if one.state != State.CANCELLED and span[0] <= one.day <= span[1]]
    counts = counts_of(one.pk for one in shown)
    boxes = [Box(one, *counts.get(one.pk, (0, 0))) for one in shown]
    related = ("department", "clinician")
    templates = list(_templates(organisation, days).filter(only).select_related(*related))
    all_rules = rules_of(organisation.pk, *span)
    rules = [rule for rule in all_rules if rule.clinician_id is None]
    gone = [one for one in found if one.of_day or one.state not in RUNNING]
    usual = Usual(templates, rules, reasons(gone, all_rules))
    today = timezone.localdate()
    week = Week([Day(day, _why_off(day, None, rules), day == today) for day in days])
    by_department: dict[Department, list[Box]] = defaultdict(list)
    for template in templates:
        by_department[template.department]  # one without a session has its row too
    for box in boxes:
        by_department[box.session.department].append(box)
    for held, own in sorted(by_department.items(), key=lambda pair: (pair[0].name, pair[0].pk)):
        week.sections.append(_section(held, own, usual, days))
    week.sections.sort(key=lambda section: not any(mark.gap for mark in section.marks))
    return week


def _templates(organisation: Organisation, days: Sequence[date]) -> QuerySet[Template]:
    in_force = Template.objects.filter(organisation=organisation, since__lte=days[-1])
    return in_force.exclude(until__lt=days[0]).order_by("starts", "pk")


@dataclass(frozen=True)
class Usual:
    """What is held every week, and the days on which it is not."""

    templates: list[Template]
    rules: list[DayRule]
    why: Why

    def on(self, day: date, department: Department) -> list[Template]:
        """Those of a department that hold on that day; none on one that is over or closed."""
        today = timezone.localdate()
        if not today <= day <= today + AHEAD or _why_off(day, department, self.rules):
            return []
        return [
            one
            for one in self.templates
            if one.department_id == department.pk and _is_usual(one, day, department, self.rules)
        ]


def _section(
    department: Department, boxes: list[Box], usual: Usual, days: Sequence[date]
) -> Section:
    running = [box for box in boxes if box.session.state in RUNNING]
    rows: dict[str, list[Cell]] = {}
    for box in boxes:
        cells = rows.setdefault(_label(box.session), [Cell(day) for day in days])
        cells[(box.session.day - days[0]).days].boxes.append(box)
    marks = []
    for n, day in enumerate(days):
        held = usual.on(day, department)
        marks.append(_mark(department, day, running, held, usual))
        _note_gaps(rows, n, held, usual, days)
    lines = [Line(label, cells) for label, cells in sorted(rows.items())]
    return Section(
        department,
        marks,
        lines,
        sum(box.taken for box in running),
        sum(box.places for box in running),
    )


def _note_gaps(
    rows: dict[str, list[Cell]], n: int, held: list[Template], usual: Usual, days: Sequence[date]
) -> None:
    """Whose usual half day it is has a note there, even where somebody stands in."""
    by_label: dict[str, list[Template]] = defaultdict(list)
    for template in held:
        by_label[_label(template)].append(template)
    for label, own in by_label.items():
        there = rows.get(label)
        running = [box.session for box in there[n].boxes] if there else []
        covered = covered_by(one for one in running if one.state in RUNNING)
        if gaps := gaps_of(own, days[n], covered, usual.why):
            cells = rows.setdefault(label, [Cell(one) for one in days])
            cells[n].gaps = gaps


def _label(offered: Session | Template) -> str:
    """The doctor; else the room, the examination, or what kind of session it is."""
    if offered.clinician:
        return str(offered.clinician)
    return offered.room or offered.service or str(offered.get_kind_display())


def _mark(
    department: Department, day: date, running: Iterable[Box], held: list[Template], usual: Usual
) -> Mark:
    there = [box for box in running if box.session.day == day]
    still = [box for box in there if box.session.state == State.PUBLISHED]
    places = sum(box.places for box in still)
    return Mark(
        day,
        gaps=tuple(gaps_of(held, day, covered_by(box.session for box in there), usual.why)),
        off="" if there else _why_off(day, department, usual.rules),
        free=places - sum(box.taken for box in still),
        places=places,
    )


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
