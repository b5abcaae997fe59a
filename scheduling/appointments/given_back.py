"""A place that was cancelled is for others: for half an hour not for who gave it back."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments.models import Appointment
from scheduling.availability.models import Period
from telemed.core import moments
from telemed.core.errors import Conflict
from telemed.core.statements import look
from telemed.people.models import User

FOR_OTHERS = timedelta(minutes=30)
# Asked by every booking from afar, so prepared.
GIVEN = """
    SELECT count(*), max(returned_at) FROM appointments_appointment
    WHERE period_id = $1 AND returned_at > $2
      AND (booked_by_id = $3 OR (device <> '' AND device = $4))
"""
LEFT = "SELECT places - taken FROM availability_periodpool WHERE period_id = $1 AND pool = $2"


def is_held_to_it(actor: User) -> bool:
    """Residents: a desk, a clinic's doctor and a system book for many, one after the other."""
    return actor.acting_as_id is None and actor.application_id is None


def require_others(actor: User, period: Period, pool: str, device: str) -> None:
    """
    Of a place that was just taken: there must have been one that this account, or this device, did
    not give back itself. Raises Conflict.
    """
    since = moments.now() - FOR_OTHERS
    ((own, last),) = look(GIVEN, period.pk, since, actor.pk, device)
    if not own:
        return
    rows = look(LEFT, period.pk, pool)
    left = rows[0][0] if rows else 0
    if left < own:
        until = f"{timezone.localtime(last + FOR_OTHERS):%H:%M}"
        sentence = _("You gave this place back; until {time} it is for others.")
        raise Conflict(sentence.format(time=until), path="period")


def givers_of(period_id: UUID) -> list[UUID]:
    """The residents' accounts that gave a place of this period back a short while ago."""
    since = moments.now() - FOR_OTHERS
    rows = Appointment.objects.filter(period=period_id, returned_at__gt=since, by_system=False)
    rows = rows.filter(booked_by__acting_as=None)
    return list(rows.values_list("booked_by", flat=True))
