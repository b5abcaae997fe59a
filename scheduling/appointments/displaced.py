"""Whom a stop displaced, as the desk that has to reach them sees it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F

from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.queries import SHOWN
from scheduling.availability.models import Stop
from telemed.notifications.models import Channel, Delivery, Notification, State

QUESTIONS = (
    *("stop.notice", "stop.choose", "stop.stay", "trip.notice", "trip.stopped"),
    *("clinic.notice", "clinic.choose"),
)
OUT = (Channel.SMS, Channel.EMAIL)


@dataclass(kw_only=True)
class Told:
    """How far the question came."""

    told_at: datetime | None = None
    sent_at: datetime | None = None
    read_at: datetime | None = None
    phoned_at: datetime | None = None
    calls: int = 0
    to_phone: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person: who, which number, what was offered, and how it stands."""

    appointment: Appointment
    told: Told = field(default_factory=Told)

    @property
    def stays(self) -> bool:
        """First in line with the doctor: that is a choice, and can be changed."""
        wait = getattr(self.appointment, "wait", None)
        return self.is_displaced and wait is not None and wait.stays

    @property
    def waits(self) -> bool:
        return self.is_displaced and not self.stays

    @property
    def is_displaced(self) -> bool:
        return self.appointment.status == Status.DISPLACED

    @property
    def moved(self) -> bool:
        return not self.is_displaced and self.appointment.status != Status.CANCELLED


def displaced_by(stop: Stop) -> list[Row]:
    """Those who still have to choose first, and of these who waits for a call."""
    rows = Appointment.objects.filter(displaced_by=stop).select_related(
        *SHOWN,
        "wait",
        "plan_period__clinician",
        "plan_period__department",
        "plan_period__organisation",
    )
    found = list(rows.order_by("during", F("ticket").asc(nulls_last=True)))
    told = told_of(one.pk for one in found)
    shown = [Row(appointment=one, told=told.get(one.pk) or Told()) for one in found]
    return sorted(shown, key=lambda row: (not row.waits, not row.told.to_phone))


def told_of(appointment_ids: Iterable[UUID]) -> dict[UUID, Told]:
    """By booking, in two queries however many there are."""
    notes = Notification.objects.filter(about__in=list(appointment_ids), template__in=QUESTIONS)
    found: dict[UUID, Told] = {}
    about = {}
    for note in notes.order_by("created_at"):
        one = found.setdefault(note.about, Told())
        one.told_at = one.told_at or note.created_at
        one.read_at = one.read_at or note.read_at
        about[note.pk] = one
    ways = Delivery.objects.filter(notification__in=list(about)).prefetch_related("calls")
    for way in ways:
        one = about[way.notification_id]
        if way.channel in OUT and way.sent_at:
            one.sent_at = one.sent_at or way.sent_at
        if way.channel == Channel.PHONE:
            one.calls += way.calls_in_vain()
            one.to_phone = one.to_phone or way.state == State.ON_PHONE_LIST
            if way.state == State.CALLED:
                one.phoned_at = way.ended_at
    return found
