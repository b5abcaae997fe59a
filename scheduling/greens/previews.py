"""Which green channels run under a rule that somebody is about to change."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import ngettext

from scheduling.greens.models import Green
from scheduling.greens.plans import timed
from telemed.core.clocks import running
from telemed.core.policies import Preview
from telemed.core.policies.previewing import count_names

Look = Callable[[UUID | None, Any], Preview | None]


def waits_at(kind: str, station: str) -> Look:
    """Those of this plan whose time for that station runs."""

    def preview(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
        return _running(organisation_id, f"green.{station}", kind=kind)

    return preview


def called(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(organisation_id, "green.acknowledge")


def under_way(organisation_id: UUID | None, _wanted: Any) -> Preview | None:
    return _running(organisation_id, *(f"green.{code}" for code in timed()))


def _running(organisation_id: UUID | None, *clocks: str, **facts: str) -> Preview | None:
    rows = Green.objects.filter(pk__in=running(*clocks), **facts)
    if organisation_id:
        rows = rows.filter(referral__organisation=organisation_id)
    return count_names(
        rows.order_by("pk").values_list("referral__number", flat=True),
        lambda n: ngettext(
            "{n} green channel keeps the times that run; what begins later gets the new.",
            "{n} green channels keep the times that run; what begins later gets the new.",
            n,
        ),
    )
