"""What is booked, held or waited for under a rule that somebody is about to change."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.appointments.models import COMING, WAITING, Appointment, FeeBasis, Status
from scheduling.availability.models import Kind
from telemed.core import moments, policies
from telemed.core.clocks import running
from telemed.core.policies import Preview
from telemed.core.policies.previewing import count_by


def offers_running(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    """An offer keeps the time that was promised with it."""
    rows = Appointment.objects.filter(status__in=[Status.OFFERED, Status.WAITLISTED])
    if organisation_id:
        rows = rows.filter(organisation=organisation_id)
    states = list(rows.values_list("status", flat=True))
    if not states:
        return None
    offered = states.count(Status.OFFERED)
    sentence = _("Offers that run now: {offered}, they keep their time. Who waits: {waiting}.")
    return Preview(
        count=len(states),
        sentence=sentence.format(offered=offered, waiting=len(states) - offered),
    )


def keep_their_fee(organisation_id: UUID | None, wanted: int) -> Preview | None:
    """Who has booked pays what was said then."""
    rows = Appointment.objects.filter(status__in=COMING, fee_basis=FeeBasis.STANDARD)
    rows = rows.exclude(fee=Decimal(wanted) / 100)
    if organisation_id:
        rows = rows.filter(organisation=organisation_id)
    many = rows.count()
    if not many:
        return None
    sentence = ngettext(
        "{n} booked visit keeps its fee; new ones cost {fee}.",
        "{n} booked visits keep their fee; new ones cost {fee}.",
        many,
    )
    return Preview(count=many, sentence=sentence.format(n=many, fee=policies.Money().say(wanted)))


def far_or_near(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    """How far somebody lives is noted when they get in line."""
    return _by_department(
        _of(organisation_id).filter(status__in=WAITING),
        lambda n: ngettext(
            "{n} person who waits stays far or near, as it was; who comes later goes by the new.",
            "{n} people who wait stay far or near, as it was; who comes later goes by the new.",
            n,
        ),
    )


def asked_by_day(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    """What is kept until the morning comes at the hour that was set; then the new rule is read."""
    return _by_department(
        _of(organisation_id).filter(status__in=WAITING),
        lambda n: ngettext(
            "{n} person who waits is asked by the new hours at once.",
            "{n} people who wait are asked by the new hours at once.",
            n,
        ),
    )


def holds(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _by_department(
        _of(organisation_id).filter(status=Status.HELD),
        lambda n: ngettext(
            "{n} place that is held now keeps its time; later ones get the new.",
            "{n} places that are held now keep their time; later ones get the new.",
            n,
        ),
    )


def reminded(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _by_department(
        _of(organisation_id).filter(pk__in=running("appointment.remind")),
        lambda n: ngettext(
            "{n} booking keeps its reminders; later ones get the new.",
            "{n} bookings keep their reminders; later ones get the new.",
            n,
        ),
    )


def coming_back(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _by_department(
        _of(organisation_id).filter(pk__in=running("place.return")),
        lambda n: ngettext(
            "{n} cancelled place comes back at the moment that was drawn; later ones by the new.",
            "{n} cancelled places come back at the moment that was drawn; later ones by the new.",
            n,
        ),
    )


def choosing(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _by_department(
        _of(organisation_id).filter(pk__in=running("displaced.choice")),
        lambda n: ngettext(
            "{n} person who lost a visit keeps the time to answer; later ones get the new.",
            "{n} people who lost a visit keep the time to answer; later ones get the new.",
            n,
        ),
    )


def staying(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _by_department(
        _of(organisation_id).filter(pk__in=running("displaced.stay")),
        lambda n: ngettext(
            "{n} person who waits for the doctor stays as long as was said; later ones by the new.",
            "{n} people who wait for the doctor stay as long as was said; later ones by the new.",
            n,
        ),
    )


def trips(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    """Trips that lie ahead, by the department of their first stop."""
    ahead = _of(organisation_id).filter(status__in=COMING, trip__isnull=False)
    ahead = ahead.filter(during__startswith__gt=moments.now())
    many = ahead.aggregate(n=Count("trip", distinct=True))["n"]
    return count_by(
        [("", many)],
        lambda n: ngettext(
            "{n} trip that is booked keeps its times; later ones get the new.",
            "{n} trips that are booked keep their times; later ones get the new.",
            n,
        ),
    )


def seen_by_video(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _by_department(
        _video(organisation_id),
        lambda n: ngettext(
            "{n} visit by video is booked and stays; later ones go by the new.",
            "{n} visits by video are booked and stay; later ones go by the new.",
            n,
        ),
    )


def rung_by_video(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    """Read when the time of the visit has come: it holds for what is booked, too."""
    return _by_department(
        _video(organisation_id),
        lambda n: ngettext(
            "{n} visit by video is booked; it goes by the new time, too.",
            "{n} visits by video are booked; they go by the new time, too.",
            n,
        ),
    )


def _video(organisation_id: UUID | None) -> QuerySet[Appointment]:
    coming = _of(organisation_id).filter(status__in=COMING, period__session__kind=Kind.VIDEO)
    return coming.filter(during__startswith__gt=moments.now())


def _of(organisation_id: UUID | None) -> QuerySet[Appointment]:
    rows = Appointment.objects.all()
    return rows.filter(organisation=organisation_id) if organisation_id else rows


def _by_department(rows: QuerySet[Appointment], say: Callable[[int], str]) -> Preview | None:
    names = rows.order_by().values_list("organisation__name", "department__name")
    found = names.annotate(n=Count("pk"))
    return count_by([(f"{org} {department}", n) for org, department, n in found], say)
