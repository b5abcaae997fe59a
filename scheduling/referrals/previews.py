"""Which referrals run under a rule that somebody is about to change."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import ngettext

from scheduling.referrals.models import PRESSING, Direction, Referral, Urgency
from telemed.core.clocks import running
from telemed.core.policies import Preview
from telemed.core.policies.previewing import count_names

Look = Callable[[UUID | None, Any], Preview | None]
ALL, RECEIVING, SENDING = Q(), "organisation", "sending"


def _keep(clock: str, *, which: Q = ALL, side: str = RECEIVING) -> Look:
    """Those that such a clock runs for; `side`: whose rule it is."""

    def preview(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
        rows = Referral.objects.filter(which, pk__in=running(clock))
        if organisation_id:
            rows = rows.filter(**{side: organisation_id})
        return count_names(
            rows.order_by("pk").values_list("number", flat=True),
            lambda n: ngettext(
                "{n} open referral keeps the time that it was promised; later ones get the new.",
                "{n} open referrals keep the time that they were promised; later ones get the new.",
                n,
            ),
        )

    return preview


def plans(organisation_id: UUID | None, wanted: Any) -> Preview | None:
    """The side that takes a plan over is the one that sent, and a clinic what came to it."""
    if organisation_id is None:
        return _keep("referral.plan")(None, wanted)
    up = _keep("referral.plan", which=~DOWN, side=SENDING)(organisation_id, wanted)
    return up or _keep("referral.plan", which=DOWN)(organisation_id, wanted)


DOWN = Q(direction=Direction.DOWN)
URGENT = Q(urgency__in=PRESSING)
GREEN = Q(urgency=Urgency.GREEN)
answers = _keep("referral.accept")
routine_answers = _keep("referral.accept", which=~URGENT)
urgent_answers = _keep("referral.accept", which=URGENT)
arrivals = _keep("referral.arrive", which=~GREEN)
green_arrivals = _keep("referral.arrive", which=GREEN)
questions = _keep("referral.question", side=SENDING)
hand_backs = _keep("referral.handback", which=Q(discharged_at=None))
discharged = _keep("referral.handback", which=Q(discharged_at__isnull=False))
