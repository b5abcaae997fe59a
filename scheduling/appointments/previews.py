"""Whom a rule of waiting or of missed visits would touch when it changes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.appointments.models import COMING, Appointment, FeeBasis, Status, Strike
from telemed.core import policies
from telemed.core.policies import Preview


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


def at_the_limit(window: str) -> Any:
    """People who have as many points already; `window` names the rule for how long they count."""

    def preview(organisation_id: UUID | None, wanted: int) -> Preview | None:
        since = timezone.localdate() - timedelta(days=policies.value(window, organisation_id))
        strikes = Strike.objects.filter(state=Strike.State.COUNTED, day__gte=since)
        if organisation_id:
            strikes = strikes.filter(organisation=organisation_id)
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
