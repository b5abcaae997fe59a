"""What runs under a rule of the family doctor that somebody is about to change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import ngettext

from scheduling.registration.models import LIVE, Contract, Status
from scheduling.registration.queries.contracts import (
    HAND_OVER,
    OF_AGE,
    RENEWAL,
    REVIEW,
    SIGNATURE,
)
from telemed.core import moments
from telemed.core.clocks import running
from telemed.core.policies import Preview
from telemed.core.policies.previewing import count_by, count_names

MOST_RENEWABLE = 90  # days


def reviews(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(
        REVIEW,
        organisation_id,
        lambda n: ngettext(
            "{n} application that waits keeps its times; later ones get the new.",
            "{n} applications that wait keep their times; later ones get the new.",
            n,
        ),
    )


def signatures(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(
        SIGNATURE,
        organisation_id,
        lambda n: ngettext(
            "{n} application that waits for its signature keeps its days; later ones get the new.",
            "{n} applications that wait for their signature keep their days; later ones get the "
            "new.",
            n,
        ),
    )


def asked_to_renew(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(
        RENEWAL,
        organisation_id,
        lambda n: ngettext(
            "{n} contract in force is asked on the days that it began with; later ones on the new.",
            "{n} contracts in force are asked on the days that they began with; later ones on the "
            "new.",
            n,
        ),
    )


def still_renewable(organisation_id: UUID | None, _wanted: int) -> Preview | None:
    """The number of days was said when each ran out."""
    lately = moments.now() - timedelta(days=MOST_RENEWABLE)
    rows = _of(Contract.objects.filter(status=Status.LAPSED, ended_at__gte=lately), organisation_id)
    return _by_team(
        rows,
        lambda n: ngettext(
            "{n} contract that ran out lately keeps the days that were said; later ones get the "
            "new.",
            "{n} contracts that ran out lately keep the days that were said; later ones get the "
            "new.",
            n,
        ),
    )


def coming_of_age(organisation_id: UUID | None, _wanted: int) -> Preview | None:
    return _running(
        OF_AGE,
        organisation_id,
        lambda n: ngettext(
            "{n} contract of who comes of age keeps its days; later ones get the new.",
            "{n} contracts of who comes of age keep their days; later ones get the new.",
            n,
        ),
    )


def hand_overs(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(
        HAND_OVER,
        organisation_id,
        lambda n: ngettext(
            "{n} hand-over note that is awaited keeps its time; later ones get the new.",
            "{n} hand-over notes that are awaited keep their time; later ones get the new.",
            n,
        ),
    )


def full_already(organisation_id: UUID | None, wanted: int) -> Preview | None:
    """Doctors who have signed so many, and keep them."""
    rows = Contract.objects.filter(status__in=LIVE, doctor__isnull=False)
    panels = _of(rows, organisation_id).order_by("doctor").values("doctor", "doctor__name")
    full = panels.annotate(n=Count("pk")).filter(n__gte=wanted).order_by("-n")
    return count_names(
        [str(one["doctor__name"]) for one in full],
        lambda n: ngettext(
            "{n} family doctor has signed so many already; they stay, and nobody is added.",
            "{n} family doctors have signed so many already; they stay, and nobody is added.",
            n,
        ),
    )


def _running(clock: str, organisation_id: UUID | None, say: Callable[[int], str]) -> Preview | None:
    """The contracts that such a clock runs for, by clinic and team."""
    rows = _of(Contract.objects.filter(pk__in=running(clock)), organisation_id)
    return _by_team(rows, say)


def _by_team(rows: Any, say: Callable[[int], str]) -> Preview | None:
    teams = rows.order_by().values_list("team__organisation__name", "team__name")
    found = teams.annotate(n=Count("pk"))
    return count_by([(f"{clinic} {team}", n) for clinic, team, n in found], say)


def _of(rows: Any, organisation_id: UUID | None) -> Any:
    return rows.filter(team__organisation=organisation_id) if organisation_id else rows
