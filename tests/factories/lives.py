"""Whole lives of cases as their steps tell them, without the services: for figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from consult.requests.models import Case, Kind, Step
from telemed.organisations.models import Organisation, Specialty
from tests.factories.consult import CaseFactory
from tests.factories.people import OrganisationFactory

MINUTE = timedelta(minutes=1)


def live(
    clinic: Organisation,
    sent_at: datetime,
    *,
    hospital: Organisation | None = None,
    answered: float | None = None,
    declined: str = "",
    late: float | None = None,
    signed: bool = False,
    decision: str = "",
    outcomes: tuple[int, ...] = (),
    status: str = "",
    **fields: Any,
) -> Case:
    """
    One case. `answered`: minutes until the first doctor accepts, or declines for `declined`;
    `late`: minutes until its clock ran out. A decision implies a signed opinion.
    """
    signed = signed or bool(decision or outcomes)
    fields = {"kind": Kind.SINGLE, "specialty": Specialty.NEUROLOGY, **fields}
    case = CaseFactory(
        asking=clinic,
        asked=hospital or a_hospital(),
        status=status or ("closed" if decision else "routed"),
        **fields,
    )
    step(case, "case.submit", sent_at)
    if late is not None:
        step(case, "case.escalate", sent_at + late * MINUTE, clock="case.accept", rung=1)
    if answered is not None:
        at = sent_at + answered * MINUTE
        if declined:
            step(case, "offer.decline", at, code=declined)
            at += 100 * MINUTE
        step(case, "case.accept", at)
    if signed:
        step(case, "opinion.sign", sent_at + timedelta(hours=4), version=1)
    if decision:
        step(case, "case.receipt", sent_at + timedelta(hours=5), version=1, decision=decision)
        step(case, "case.close", sent_at + timedelta(hours=5), closing="receipt")
    for day in outcomes:
        step(case, "case.outcome", sent_at + timedelta(days=day), day=day, result="better")
    return case


def many(count: int, clinic: Organisation, sent_at: datetime, **told: Any) -> list[Case]:
    return [live(clinic, sent_at, **told) for _ in range(count)]


def step(case: Case, action: str, at: datetime, **facts: Any) -> Step:
    return Step.objects.create(
        case=case, action=action, from_status="x", to_status="x", at=at, facts=facts
    )


def a_hospital() -> Organisation:
    """Always the same one, where a test does not care which."""
    hospitals = Organisation.objects.filter(name="那家医院")
    return hospitals.first() or OrganisationFactory(name="那家医院")
