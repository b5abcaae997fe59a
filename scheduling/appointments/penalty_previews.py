"""What stands against people under a rule of missed visits that somebody is about to change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import ngettext

from scheduling.appointments.models import Appeal, Appointment, Block, Status, Strike
from telemed.core import moments, policies
from telemed.core.clocks import running
from telemed.core.policies import Preview
from telemed.core.policies.previewing import count_by

Look = Callable[[UUID | None, int], Preview | None]


def keep_their_points(organisation_id: UUID | None, _wanted: int) -> Preview | None:
    return _count(
        _strikes(organisation_id).filter(state__in=Strike.STANDING),
        lambda n: ngettext(
            "{n} entry keeps its points; later ones get the new.",
            "{n} entries keep their points; later ones get the new.",
            n,
        ),
    )


def not_counted_yet(organisation_id: UUID | None, _wanted: int) -> Preview | None:
    return _count(
        _strikes(organisation_id).filter(
            state=Strike.State.NOTED, appointment__in=running("appointment.noshow")
        ),
        lambda n: ngettext(
            "{n} entry counts at the hour that was set with it; later ones at the new.",
            "{n} entries count at the hour that was set with them; later ones at the new.",
            n,
        ),
    )


def keep_their_end(kind: Block.Kind) -> Look:
    def preview(organisation_id: UUID | None, _wanted: int) -> Preview | None:
        rows = Block.objects.filter(kind=kind, state__in=Block.STANDING, ends_at__gt=moments.now())
        rows = rows.filter(organisation=organisation_id) if organisation_id else rows
        return _count(
            rows,
            lambda n: ngettext(
                "{n} person whose booking is limited keeps the last day of it.",
                "{n} people whose booking is limited keep the last day of it.",
                n,
            ),
        )

    return preview


def at_the_limit(window: str) -> Look:
    """People who have as many points already; `window` names the rule for how long they count."""

    def preview(organisation_id: UUID | None, wanted: int) -> Preview | None:
        since = timezone.localdate() - timedelta(days=policies.value(window, organisation_id))
        strikes = _strikes(organisation_id).filter(state=Strike.State.COUNTED, day__gte=since)
        people = strikes.order_by().values("person_key", "organisation")
        many = people.annotate(points=Sum("points")).filter(points__gte=wanted).count()
        if not many:
            return None
        sentence = ngettext(
            "{n} person has so many points already; the next one limits their booking.",
            "{n} people have so many points already; the next one limits their booking.",
            many,
        )
        return Preview(count=many, sentence=sentence.format(n=many))

    return preview


def counted_for(window: str) -> Look:
    """What would count again with a longer time, or no longer with a shorter one."""

    def preview(organisation_id: UUID | None, wanted: int) -> Preview | None:
        today = timezone.localdate()
        now, then = (
            today - timedelta(days=days)
            for days in (policies.value(window, organisation_id), wanted)
        )
        days = min(now, then), max(now, then) - timedelta(days=1)
        rows = _strikes(organisation_id).filter(state=Strike.State.COUNTED, day__range=days)
        return _count(rows, _again if then < now else _no_longer)

    return preview


def _again(n: int) -> str:
    return ngettext(
        "{n} entry would count again.",
        "{n} entries would count again.",
        n,
    )


def _no_longer(n: int) -> str:
    return ngettext(
        "{n} entry would count no longer.",
        "{n} entries would count no longer.",
        n,
    )


def cancelled_often(window: str) -> Look:
    """The limit changes: who is there already."""

    def preview(organisation_id: UUID | None, wanted: int) -> Preview | None:
        days = policies.value(window, organisation_id)
        return _cancelled(organisation_id, days, wanted)

    return preview


def cancelled_lately(limit: str) -> Look:
    """The time changes: who is there within the new one."""

    def preview(organisation_id: UUID | None, wanted: int) -> Preview | None:
        return _cancelled(organisation_id, wanted, policies.value(limit, organisation_id))

    return preview


def may_appeal(within: str) -> Look:
    """Entries that can still be appealed against, each for as long as when it was noted."""

    def preview(organisation_id: UUID | None, _wanted: int) -> Preview | None:
        since = timezone.localdate() - timedelta(days=policies.value(within, organisation_id))
        rows = _strikes(organisation_id).filter(state__in=Strike.STANDING, day__gte=since)
        return _count(
            rows,
            lambda n: ngettext(
                "{n} entry keeps its time for an appeal; later ones get the new.",
                "{n} entries keep their time for an appeal; later ones get the new.",
                n,
            ),
        )

    return preview


def undecided(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    rows = Appeal.objects.filter(state=Appeal.State.FILED)
    rows = rows.filter(strike__organisation=organisation_id) if organisation_id else rows
    names = rows.order_by().values_list("strike__organisation__name")
    return count_by(
        names.annotate(n=Count("pk")),
        lambda n: ngettext(
            "{n} appeal that waits keeps its time; later ones get the new.",
            "{n} appeals that wait keep their time; later ones get the new.",
            n,
        ),
    )


def _cancelled(organisation_id: UUID | None, days: int, many: int) -> Preview | None:
    gone = Appointment.objects.filter(
        status=Status.CANCELLED,
        ended_because="",
        ticket__isnull=False,
        ended_at__gte=moments.now() - timedelta(days=days),
    )
    gone = gone.filter(organisation=organisation_id) if organisation_id else gone
    people = gone.order_by().values("person_key", "organisation")
    often = people.annotate(n=Count(Coalesce("trip", "pk"), distinct=True)).filter(n__gte=many)
    return count_by(
        [("", often.count())],
        lambda n: ngettext(
            "{n} person has cancelled so often already; the next time limits their booking.",
            "{n} people have cancelled so often already; the next time limits their booking.",
            n,
        ),
    )


def _strikes(organisation_id: UUID | None) -> QuerySet[Strike]:
    rows = Strike.objects.all()
    return rows.filter(organisation=organisation_id) if organisation_id else rows


def _count(rows: QuerySet[Any], say: Callable[[int], str]) -> Preview | None:
    """By hospital."""
    names = rows.order_by().values_list("organisation__name")
    return count_by(names.annotate(n=Count("pk")), say)
