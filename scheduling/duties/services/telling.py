"""Telling the team what is due and overdue, and the resident what was done."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from scheduling.duties import queries
from scheduling.duties.models import Duty
from scheduling.registration import queries as registration
from scheduling.registration.services.telling import audience
from scheduling.registration.words import day_words
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import User

DAY, MINE = "/family-doctor/duties/", "/family-doctor/duties/mine/"
EPOCH = 730_000  # an ordinal before this product; keeps a day in two bytes


def tell_due(duties: Sequence[Duty]) -> None:
    """One message a week to the doctors of the contracts."""
    require_intention()
    week = queries.week_of(timezone.localdate())
    for duty in {(one.contract.team_id, one.contract.doctor_id): one for one in duties}.values():
        n = queries.count_due(duty.contract)
        _tell(duty.contract.doctor, duty, "duty.due", url=DAY, of_team=True, turn=week, n=n)


def tell_late(duty: Duty, *, county: bool = False) -> None:
    """One message a day to the leader, and of what is red to the coordinators."""
    require_intention()
    team = duty.contract.team
    people = [registration.leader_of(team)]
    if county:
        people += registration.coordinators_of(team.organisation)
    n, day = queries.count_late(team), timezone.localdate().toordinal() - EPOCH
    for one in people:
        _tell(one, duty, "duty.missed", url=DAY, of_team=True, turn=day, n=n)


def tell_people(duty: Duty, *, turn: int = 0) -> None:
    """Whoever can say whether it was done."""
    require_intention()
    served = duty.served_by
    if served is None or duty.served_at is None:
        return
    date = day_words(timezone.localdate(duty.served_at))
    for one in audience(duty.contract):
        if one.pk != served.pk:
            _tell(one, duty, "duty.confirm", url=MINE, turn=turn, date=date, who=served.name)


def tell_leader(duty: Duty, template: str, *, turn: int = 0, county: bool = False) -> None:
    require_intention()
    team = duty.contract.team
    people = [registration.leader_of(team)]
    if template == "duty.warned":
        people.append(duty.contract.doctor)
    if county:
        people += registration.coordinators_of(team.organisation)
    date = day_words(timezone.localdate(duty.served_at or duty.warned_at or timezone.now()))
    for one in {one.pk: one for one in people if one}.values():
        _tell(one, duty, template, url=f"{DAY}{duty.pk}/", turn=turn, date=date)


def _tell(
    recipient: User | None,
    duty: Duty,
    template: str,
    *,
    url: str,
    turn: int = 0,
    of_team: bool = False,
    **facts: Any,
) -> None:
    if recipient is None:
        return
    team = duty.contract.team
    notify(
        recipient=recipient,
        template=template,
        about=team.pk if of_team else duty.pk,
        url=url,
        turn=turn,
        desk=team.organisation_id,
        **facts,
    )
