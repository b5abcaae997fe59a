"""From the weekly templates to the sessions of the coming days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils import timezone

from scheduling.availability import rules
from scheduling.availability.clock_rows import await_release
from scheduling.availability.models import Period, PeriodPool, Session, Template
from scheduling.availability.shares import lay_out, spans
from scheduling.availability.week import templates_of
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.organisations.models import Organisation

AHEAD = 28  # days that are planned; fewer are published


@dataclass(frozen=True)
class Planned:
    """What came of a plan: the new sessions, and templates of days that overlap another session."""

    sessions: list[Session]
    clashes: list[tuple[Template, date]]


def plan_ahead(*, organisation_id: UUID) -> Planned:
    """Every day that is not planned yet, up to four weeks ahead; running it twice adds nothing."""
    require_intention()
    organisation = Organisation.objects.get(pk=organisation_id)
    today = timezone.localdate()
    return plan_sessions(
        organisation=organisation, days=[today + timedelta(days=n) for n in range(1, AHEAD + 1)]
    )


def plan_sessions(*, organisation: Organisation, days: Iterable[date]) -> Planned:
    """The sessions that the templates lay down for these days, where there are none yet."""
    require_intention()
    shares = rules.shares_of(organisation.pk)
    wanted = [_session(template, day, shares) for day, template in templates_of(organisation, days)]
    there = _planned_already(organisation, {one.day for one in wanted})
    wanted = [one for one in wanted if (one.template_id, one.day) not in there]
    # Whatever overlaps a session that is there already is left out, and said.
    Session.objects.bulk_create(wanted, ignore_conflicts=True)
    made = set(
        Session.objects.filter(pk__in=[one.pk for one in wanted]).values_list("pk", flat=True)
    )
    sessions = [one for one in wanted if one.pk in made]
    keep_new(sessions)
    await_release(organisation_id=organisation.pk, sessions=sessions)
    clashes = [(one.template, one.day) for one in wanted if one.pk not in made and one.template]
    return Planned(sessions, clashes)


def _planned_already(organisation: Organisation, days: set[date]) -> set[tuple[UUID, date]]:
    """Templates and the days they planned, wherever a hand moved the session since."""
    mine = Session.objects.filter(Q(day__in=days) | Q(of_day__in=days), organisation=organisation)
    rows = mine.exclude(template=None).values_list("template", "day", "of_day")
    return {(template, of_day or day) for template, day, of_day in rows}


def keep_new(sessions: list[Session]) -> None:
    """What every new session has: its periods, its trace, its face to the world."""
    lay_out_periods(sessions)
    for session in sessions:
        audit.record(action="session.plan", target=session)
    publication.publish_new(sessions)


def lay_out_periods(sessions: Iterable[Session]) -> None:
    """The periods of new sessions, and their pools."""
    periods, pools = [], []
    for session in sessions:
        halves = spans(session.starts_at, session.ends_at, session.period_minutes)
        layout = lay_out(len(halves), session.capacity, session.shares)
        closes_at = rules.closes_at(session.organisation_id, session.day)
        for (starts_at, ends_at), places in zip(halves, layout, strict=True):
            period = Period(
                session=session,
                organisation_id=session.organisation_id,
                department_id=session.department_id,
                clinician_id=session.clinician_id,
                starts_at=starts_at,
                ends_at=ends_at,
                closes_at=closes_at,
                capacity=session.capacity,
            )
            periods.append(period)
            pools += [PeriodPool(period=period, pool=p, places=n) for p, n in places.items()]
    Period.objects.bulk_create(periods)
    PeriodPool.objects.bulk_create(pools)


def _session(template: Template, day: date, shares: dict[str, int]) -> Session:
    starts_at = timezone.make_aware(datetime.combine(day, template.starts))
    ends_at = timezone.make_aware(datetime.combine(day, template.ends))
    return Session(
        organisation=template.organisation,
        department=template.department,
        clinician=template.clinician,
        kind=template.kind,
        service=template.service,
        room=template.room,
        period_minutes=template.period_minutes,
        capacity=template.capacity,
        title=_title(template),
        day=day,
        during=DateTimeTZRange(starts_at, ends_at),
        shares=shares,
        release_at=rules.release_at(template.organisation_id, day),
        template=template,
    )


def _title(template: Template) -> str:
    practitioner = getattr(template.clinician, "practitioner", None)
    return practitioner.title if practitioner else ""
