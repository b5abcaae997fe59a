"""How many open consults a new length would leave as they are."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from consult.requests.models import Case, Kind, Offer, Question
from consult.requests.rungs import OF_ASKED, PROMISE
from telemed.core.models import Clock, ClockState
from telemed.core.policies import Preview
from telemed.core.policies.previewing import count_names

Look = Callable[[UUID | None, Any], Preview | None]


def keep_their_promise(*clocks: str, emergency: bool | None) -> Look:
    """
    Whoever was promised a time keeps it, and so does whoever was to hear of it.

    The clocks of emergencies, of all others, or (None) of both.
    """

    def preview(organisation_id: UUID | None, wanted: Any) -> Preview | None:
        running = _running(clocks, emergency, organisation_id)
        return count_names(
            _numbers(running),
            lambda n: ngettext(
                "{n} open consult keeps the time that it was promised; new ones get the new one.",
                "{n} open consults keep the time that they were promised; new ones get the new"
                " one.",
                n,
            ),
        )

    return preview


def wait_to_be_sorted(organisation_id: UUID | None, _wanted: bool) -> Preview | None:
    """What a coordinator is to sort goes on waiting for it."""
    waiting = _running(("case.triage",), False, organisation_id)
    return count_names(
        _numbers(waiting),
        lambda n: ngettext(
            "{n} open consult waits for a coordinator and goes on waiting, for its time at most.",
            "{n} open consults wait for a coordinator and go on waiting, for their time at most.",
            n,
        ),
    )


def _numbers(cases: QuerySet[Case]) -> list[str]:
    """A draft has none yet."""
    return [number or "" for number in cases.values_list("number", flat=True)]


def _running(
    kinds: tuple[str, ...], emergency: bool | None, organisation_id: UUID | None
) -> QuerySet[Case]:
    """The cases for which that promise runs now, or is paused."""
    running = Clock.objects.filter(
        kind__in=kinds, rung=PROMISE, state__in=[ClockState.RUNNING, ClockState.PAUSED]
    ).values("about")
    cases = Case.objects.filter(pk__in=_cases_of(kinds[0], running))
    if emergency is not None:
        urgent = Q(kind=Kind.EMERGENCY)
        cases = cases.filter(urgent if emergency else ~urgent)
    if organisation_id and kinds[0] in OF_ASKED:
        cases = cases.filter(asked=organisation_id)
    elif organisation_id:
        cases = cases.filter(asking=organisation_id)
    return cases.order_by("pk")


def _cases_of(kind: str, running: Any) -> Any:
    """A question and an invitation have clocks of their own."""
    owners: dict[str, type[Offer | Question]] = {"offer.accept": Offer, "case.question": Question}
    if kind not in owners:
        return running
    return owners[kind].objects.filter(pk__in=running).values("case")
