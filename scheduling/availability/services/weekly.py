"""Weekly templates and the days that are otherwise; what is planned already follows them."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability.clashes import overlaps
from scheduling.availability.models import DayRule, Session, State, Template
from scheduling.availability.permissions import may_keep
from scheduling.availability.services.offering import Offer, checked_offer
from scheduling.availability.services.planning import AHEAD, plan_sessions
from scheduling.availability.services.stopping import not_yours
from scheduling.availability.week import holds
from scheduling.availability.words import weekly
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.errors import Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.core.reasons import checked_reason
from telemed.organisations.models import Organisation
from telemed.people.models import User

LONGEST_RULE = timedelta(days=366)
REASON = 2
SHOWN = ("clinician__practitioner", "department", "organisation")


@dataclass
class Replanned:
    """What became of the coming days."""

    planned: int = 0
    cancelled: int = 0
    left: list[Session] = field(default_factory=list)  # open for booking: stays, or is stopped
    clashes: list[tuple[Template, date]] = field(default_factory=list)


def add_template(
    *,
    actor: User,
    offer: Offer,
    weekday: int,
    starts: time,
    ends: time,
    since: date,
    until: date | None = None,
    on_holidays: bool = False,
) -> tuple[Template, Replanned]:
    """A session every week from that day on; the coming four weeks are planned at once."""
    template = keep_template(
        actor=actor,
        offer=offer,
        weekday=weekday,
        starts=starts,
        ends=ends,
        since=since,
        until=until,
        on_holidays=on_holidays,
    )
    return template, replan(actor.acting_organisation)


def keep_template(
    *,
    actor: User,
    offer: Offer,
    weekday: int,
    starts: time,
    ends: time,
    since: date,
    until: date | None = None,
    on_holidays: bool = False,
) -> Template:
    """The template alone, when many come at once and are planned together."""
    require_intention()
    require(may_keep(actor), not_yours())
    today = timezone.localdate()
    kept = checked_offer(actor, offer, starts, ends)
    if not 1 <= weekday <= 7:
        raise Invalid(_("A week has seven days."), path="weekday")
    if until and until < max(since, today):
        raise Invalid(_("Its last day is before its first."), path="until")
    template = Template(
        **kept,
        organisation=actor.acting_organisation,
        weekday=weekday,
        starts=starts,
        ends=ends,
        since=max(since, today),
        until=until,
        on_holidays=on_holidays,
    )
    if other := _clash(template):
        raise overlaps(weekly(other))
    template.save()
    audit.record(action="template.add", target=template)
    return template


def end_template(*, actor: User, template_id: UUID, from_day: date) -> Replanned:
    """
    From that day on it makes no session. What is planned after it is taken off; what is open for
    booking stays and is stopped one by one, because somebody may be booked.
    """
    require_intention()
    require(may_keep(actor), not_yours())
    mine = Template.objects.filter(organisation=actor.organisation_id, pk=template_id)
    template = mine.select_for_update(of=["self"]).first()  # with its key: it may be deleted
    if template is None:
        raise NotFound(_("Not found, or not yours to know of."))
    if from_day < timezone.localdate():
        raise Invalid(_("That day is over; choose today or a later one."), path="from_day")
    after = template.sessions.filter(day__gte=from_day)
    never_began = from_day <= template.since
    done = Replanned(
        cancelled=_take_off(after.filter(state=State.PLANNED), freed=never_began),
        left=list(after.filter(state=State.PUBLISHED).order_by("day")),
    )
    audit.record(action="template.end", target=template)
    if never_began and not template.sessions.exists():
        template.delete()
        return done
    template.until = max(from_day - timedelta(days=1), template.since)
    template.save(update_fields=["until"])
    return done


def add_day_rule(
    *,
    actor: User,
    first: date,
    last: date,
    reason: str,
    as_weekday: int | None = None,
    department_id: UUID | None = None,
    clinician_id: UUID | None = None,
) -> tuple[DayRule, Replanned]:
    """Days that are closed, or worked as another weekday, for everybody or some."""
    require_intention()
    require(may_keep(actor), not_yours())
    organisation = actor.acting_organisation
    if first <= timezone.localdate():
        raise Invalid(_("That day has begun; choose tomorrow or a later one."), path="first")
    if not first <= last <= first + LONGEST_RULE:
        raise Invalid(_("The last day is not before the first, nor a year after it."), path="last")
    reason = checked_reason(reason, shortest=REASON, longest=100)
    held = organisation.departments.all()
    department = held.filter(pk=department_id).first() if department_id else None
    if department_id and department is None:
        raise NotFound(_("Choose a department from the list."), path="department")
    works_here = User.objects.filter(roles__organisation=organisation)
    clinician = works_here.filter(pk=clinician_id).first() if clinician_id else None
    if clinician_id and clinician is None:
        raise NotFound(_("Choose a doctor from the list."), path="clinician")
    rule = DayRule.objects.create(
        organisation=organisation,
        department=department,
        clinician=clinician,
        first=first,
        last=last,
        as_weekday=as_weekday,
        reason=reason,
    )
    audit.record(action="day_rule.add", target=rule)
    return rule, replan(organisation, _days(first, last))


def remove_day_rule(*, actor: User, rule_id: UUID) -> Replanned:
    """The days that are left of it are as usual again."""
    require_intention()
    require(may_keep(actor), not_yours())
    mine = DayRule.objects.filter(organisation=actor.organisation_id, pk=rule_id)
    rule = mine.select_for_update(of=["self"]).first()  # with its key: it may be deleted
    if rule is None:
        raise NotFound(_("Not found, or not yours to know of."))
    today, days = timezone.localdate(), _days(rule.first, rule.last)
    audit.record(action="day_rule.remove", target=rule)
    if rule.first > today:
        rule.delete()
    else:
        rule.last = min(rule.last, today)
        rule.save(update_fields=["last"])
    return replan(actor.acting_organisation, days)


def _days(first: date | None = None, last: date | None = None) -> list[date]:
    """Of the days that are planned ahead, those from the first to the last."""
    today = timezone.localdate()
    ahead = [today + timedelta(days=n) for n in range(1, AHEAD + 1)]
    return [day for day in ahead if (first or day) <= day <= (last or day)]


def replan(organisation: Organisation, days: list[date] | None = None) -> Replanned:
    """What the templates do not say any more is taken off, what they say now is planned."""
    days = _days() if days is None else days
    rules = list(DayRule.objects.filter(organisation=organisation))
    there = Session.objects.filter(
        organisation=organisation,
        day__in=days,
        state__in=[State.PLANNED, State.PUBLISHED],
        template__isnull=False,
        of_day=None,  # what somebody moved by hand stays where they put it
    ).select_related("template")
    wrong = [one for one in there if one.template and not holds(one.template, one.day, rules)]
    planned = [one.pk for one in wrong if one.state == State.PLANNED]
    done = Replanned(left=[one for one in wrong if one.state == State.PUBLISHED])
    # Freed from its template's day: when the rule goes, that day is planned anew.
    done.cancelled = _take_off(Session.objects.filter(pk__in=planned), freed=True)
    made = plan_sessions(organisation=organisation, days=days)
    done.planned, done.clashes = len(made.sessions), made.clashes
    return done


def _take_off(sessions: QuerySet[Session], *, freed: bool = False) -> int:
    locked = sessions.select_for_update(of=["self"], no_key=True).order_by("pk")
    planned = list(locked.select_related(*SHOWN))
    for session in planned:
        session.become(State.CANCELLED)
        if freed:
            session.template = None
        session.save(update_fields=["state", "template"])
        audit.record(action="session.cancel", target=session)
        publication.publish(session)
    return len(planned)


def _clash(template: Template) -> Template | None:
    """Another of the same doctor or room in the same hours of that weekday."""
    same = Q(pk__in=[])
    if template.clinician:
        same |= Q(clinician=template.clinician)
    if template.room:
        same |= Q(organisation=template.organisation, room=template.room)
    others = Template.objects.filter(
        same,
        Q(until=None) | Q(until__gte=template.since),
        weekday=template.weekday,
        starts__lt=template.ends,
        ends__gt=template.starts,
    )
    if template.until:
        others = others.filter(since__lte=template.until)
    return others.select_related("department").first()
