"""What runs under a rule of the services that somebody is about to change."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import ngettext

from scheduling.duties.clock_kinds import CONFIRM, DISPUTE, OUT, RECHECK
from scheduling.duties.models import Duty
from telemed.core.clocks import running
from telemed.core.policies import Preview
from telemed.core.policies.previewing import count_by


def rechecks(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(
        RECHECK,
        organisation_id,
        lambda n: ngettext(
            "{n} recheck that is owed keeps its steps; later ones get the new.",
            "{n} rechecks that are owed keep their steps; later ones get the new.",
            n,
        ),
    )


def windows(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(
        OUT,
        organisation_id,
        lambda n: ngettext(
            "{n} service whose window is open keeps its steps; later ones get the new.",
            "{n} services whose window is open keep their steps; later ones get the new.",
            n,
        ),
    )


def confirmations(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(
        CONFIRM,
        organisation_id,
        lambda n: ngettext(
            "{n} service that waits to be confirmed keeps its days; later ones get the new.",
            "{n} services that wait to be confirmed keep their days; later ones get the new.",
            n,
        ),
    )


def disputes(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(
        DISPUTE,
        organisation_id,
        lambda n: ngettext(
            "{n} dispute keeps its steps; later ones get the new.",
            "{n} disputes keep their steps; later ones get the new.",
            n,
        ),
    )


def _running(clock: str, organisation_id: UUID | None, say: Callable[[int], str]) -> Preview | None:
    """The duties that such a clock runs for, by clinic and team."""
    rows = Duty.objects.filter(pk__in=running(clock))
    if organisation_id:
        rows = rows.filter(contract__team__organisation=organisation_id)
    teams = "contract__team__organisation__name", "contract__team__name"
    found = rows.order_by().values_list(*teams).annotate(n=Count("pk"))
    return count_by([(f"{clinic} {team}", n) for clinic, team, n in found], say)
