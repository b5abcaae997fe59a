"""How many open consults a new length would leave as they are."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from consult.requests.models import Case, Kind, Offer
from telemed.core.models import Clock, ClockState
from telemed.core.policies import Preview

SHOWN = 5
OF_ASKING = ("case.receipt",)  # whose clock is that of the side that asks
PROMISE = 1  # the rung that a promise is
Look = Callable[[UUID | None, timedelta], Preview | None]


def keep_their_promise(clock: str, *, emergency: bool) -> Look:
    """Whoever was promised a time keeps it; `clock` runs for emergencies or for all others."""

    def preview(organisation_id: UUID | None, wanted: timedelta) -> Preview | None:
        numbers = list(_running(clock, emergency, organisation_id).values_list("number", flat=True))
        if not numbers:
            return None
        sentence = ngettext(
            "{n} open consult keeps the time that it was promised; new ones get the new one.",
            "{n} open consults keep the time that they were promised; new ones get the new one.",
            len(numbers),
        )
        return Preview(
            count=len(numbers),
            sentence=sentence.format(n=len(numbers)),
            examples=tuple(number for number in numbers[:SHOWN] if number),
        )

    return preview


def wait_to_be_sorted(organisation_id: UUID | None, _wanted: bool) -> Preview | None:
    """What a coordinator is to sort goes on waiting for it."""
    numbers = list(_running("case.triage", False, organisation_id).values_list("number", flat=True))
    if not numbers:
        return None
    sentence = ngettext(
        "{n} open consult waits for a coordinator and goes on waiting, 30 minutes at most.",
        "{n} open consults wait for a coordinator and go on waiting, 30 minutes at most.",
        len(numbers),
    )
    return Preview(
        count=len(numbers),
        sentence=sentence.format(n=len(numbers)),
        examples=tuple(number for number in numbers[:SHOWN] if number),
    )


def _running(clock: str, emergency: bool, organisation_id: UUID | None) -> QuerySet[Case]:
    """The cases for which that promise runs now, or is paused."""
    running = Clock.objects.filter(
        kind=clock, rung=PROMISE, state__in=[ClockState.RUNNING, ClockState.PAUSED]
    ).values("about")
    cases = Case.objects.filter(pk__in=running)
    if clock == "offer.accept":
        cases = Case.objects.filter(pk__in=Offer.objects.filter(pk__in=running).values("case"))
    urgent = Q(kind=Kind.EMERGENCY)
    cases = cases.filter(urgent if emergency else ~urgent)
    if organisation_id and clock in OF_ASKING:
        cases = cases.filter(asking=organisation_id)
    elif organisation_id:
        cases = cases.filter(asked=organisation_id)
    return cases.order_by("pk")
