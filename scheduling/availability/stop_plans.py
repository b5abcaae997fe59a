"""What stopping a doctor's sessions of some days means: who is affected, what is offered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from scheduling.availability.booked import Booked, booked_in
from scheduling.availability.models import NOBODY_OF_LEVEL, Period, Session, State, Stop
from scheduling.availability.queries import instead_of
from telemed.core import moments
from telemed.people.models import User

MOST = 40
OFFERED = (Stop.Plan.SUBSTITUTE, Stop.Plan.ANOTHER_DAY, Stop.Plan.ELSEWHERE)


@dataclass
class Planned:
    """One session: who is booked, and what can be offered, the best first."""

    session: Session
    booked: list[Booked] = field(default_factory=list)
    plans: list[dict[str, Any]] = field(default_factory=list)


def doctors_ahead(organisation_id: UUID | None) -> list[User]:
    """Whoever has something that can be stopped, by name."""
    ahead = _ahead(organisation_id).order_by().values("clinician")
    return list(User.objects.filter(pk__in=ahead).order_by("name", "pk"))


def plan_stop(organisation_id: UUID | None, doctor: User, first: date, last: date) -> list[Planned]:
    """The published ones of these days that have not begun, in order."""
    rows = _ahead(organisation_id).filter(clinician=doctor, day__range=(first, last))
    rows = rows.select_related("clinician__practitioner", "department", "organisation")
    found = list(rows.order_by("during", "pk")[:MOST])
    stopping = {one.pk for one in found}
    planned = [Planned(one, plans=plans_of(one, besides=stopping)) for one in found]
    periods = dict(
        Period.objects.filter(session__in=stopping).order_by().values_list("pk", "session")
    )
    by_session = {one.session.pk: one for one in planned}
    for booked in booked_in(periods):
        by_session[periods[booked.period_id]].booked.append(booked)
    return planned


def plans_of(session: Session, besides: Sequence[UUID] | set[UUID] = ()) -> list[dict[str, Any]]:
    """What can be offered to whoever booked; the last are a call by the desk, and nothing."""
    offered: list[dict[str, Any]] = [
        {"value": f"{plan}:{one.pk}", "label": plan.label, "session": one}
        for plan in OFFERED
        for one in [one for one in instead_of(session, plan) if one.pk not in besides][:3]
    ]
    if session.title and not instead_of(session, Stop.Plan.SUBSTITUTE):
        offered.append({"value": Stop.Plan.SUBSTITUTE.value, "label": NOBODY_OF_LEVEL})
    return [*offered, {"value": Stop.Plan.CANCEL.value, "label": Stop.Plan.CANCEL.label}]


def stopped_together(organisation_id: UUID | None, together: UUID) -> list[Stop]:
    """What was stopped as one, in order."""
    rows = Stop.objects.filter(together=together, session__organisation=organisation_id)
    return list(
        rows.select_related(
            "session__clinician", "session__department", "stopped_by", "instead__clinician"
        ).order_by("session__during", "pk")
    )


def _ahead(organisation_id: UUID | None) -> Any:
    return Session.objects.filter(
        organisation=organisation_id,
        application=None,  # a system stops its own
        state=State.PUBLISHED,
        clinician__isnull=False,
        during__startswith__gt=moments.now(),
    )
