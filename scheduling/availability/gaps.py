"""Half days on which somebody usually sees patients and nobody does, and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability.clashes import when
from scheduling.availability.models import DayRule, Session, State, Stop, Template
from scheduling.availability.week import why_closed

NOON = time(12)
MORNING, AFTERNOON = "morning", "afternoon"
HALVES = (MORNING, AFTERNOON)
Why = Callable[[Template, date], str]


@dataclass(frozen=True)
class Gap:
    """`half` is empty where the whole day has nobody."""

    half: str
    why: str

    @property
    def label(self) -> str:
        names = {MORNING: _("morning: nobody"), AFTERNOON: _("afternoon: nobody")}
        return names.get(self.half) or _("nobody")


def halves(starts: time, ends: time) -> set[str]:
    """Before noon, after it, or both."""
    return {half for half, there in ((MORNING, starts < NOON), (AFTERNOON, ends > NOON)) if there}


def covered_by(sessions: Iterable[Session]) -> set[str]:
    there: set[str] = set()
    for one in sessions:
        begin, end = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
        there |= halves(begin.time(), end.time())
    return there


def gaps_of(usual: Iterable[Template], day: date, covered: set[str], why: Why) -> list[Gap]:
    """What these templates would cover on that day and nobody covers."""
    found: dict[str, str] = {}
    for template in usual:
        for half in halves(template.starts, template.ends) - covered:
            found.setdefault(half, why(template, day))
    if len(found) == len(HALVES):
        whys = dict.fromkeys(one for one in found.values() if one)
        return [Gap("", _("; ").join(whys))]
    if found and not covered:
        return [Gap("", why) for why in found.values()]
    return [Gap(half, found[half]) for half in HALVES if half in found]


def reasons(gone: Iterable[Session], rules: Iterable[DayRule]) -> Why:
    """Why a template has no session on a day: `gone` are those that it had, and where they are."""
    there = {(one.template_id, one.of_day or one.day): one for one in gone if one.template_id}
    stops = _stops([one.pk for one in there.values() if one.state == State.STOPPED])
    personal = list(rules)

    def why(template: Template, day: date) -> str:
        session = there.get((template.pk, day))
        if session is None:
            return _day_off(template, day, personal)
        if session.state == State.STOPPED:
            return _("stopped: {why}").format(why=stops.get(session.pk, ""))
        if session.state == State.CANCELLED:
            return _("taken off the plan")
        return _("moved to {when}").format(when=when(session))

    return why


def _day_off(template: Template, day: date, rules: list[DayRule]) -> str:
    """The doctor's own day off; else the template's session was left out, or comes by night."""
    probe = Session(department_id=template.department_id, clinician_id=template.clinician_id)
    return why_closed(probe, day, rules) or _("not planned")


def _stops(sessions: list[UUID]) -> dict[UUID, str]:
    if not sessions:
        return {}
    rows = Stop.objects.filter(session__in=sessions, undone_at=None)
    return dict(rows.values_list("session", "reason"))
