"""Telling the team what is due and overdue, and the resident what was done."""

from collections.abc import Container, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from scheduling.duties import queries, rules
from scheduling.duties.models import Duty, Plan
from scheduling.registration import queries as registration
from scheduling.registration.models import Contract, Team
from scheduling.registration.services.telling import told_of
from scheduling.registration.words import day_words
from telemed.core.intentions import require_intention
from telemed.notifications import queries as notifications
from telemed.notifications.services import notify, notify_person
from telemed.people.models import User

COUNTY = "/family-doctor/duties/county/"
DAY, MINE = "/family-doctor/duties/", "/family-doctor/duties/mine/"
LATE = "duty.missed"
EPOCH = 730_000  # an ordinal before this product; keeps a day in two bytes


def tell_due(contract: Contract) -> None:
    """One message a week to the doctor of the contract."""
    require_intention()
    n = queries.count_due([contract.team_id])[contract.team_id]
    _tell_due(registration.doctor_now(contract), contract.team, n)


def tell_opened(teams: Sequence[UUID]) -> None:
    """The same to the doctors of whose contracts a window opened this week, told already or not."""
    require_intention()
    opened, due = queries.opened_this_week(teams), queries.count_due(teams)
    for contract in opened:
        _tell_due(registration.doctor_now(contract), contract.team, due[contract.team_id])


def _tell_due(doctor: User | None, team: Team, n: int) -> None:
    week = queries.week_of(timezone.localdate())
    _tell_of_team(doctor, team, "duty.due", url=DAY, turn=week, n=n)


def tell_late(
    team: Team, *, day: date | None = None, leader: bool = True, county: bool = False
) -> None:
    """One message a day to the leader, and of what is red to the coordinators."""
    require_intention()
    above = registration.coordinators_of(team.organisation) if county else []
    people = [registration.leader_of(team) if leader else None, *above]
    if not any(people):
        return
    n, turn = queries.count_late(team), _turn(day)
    for one in people:
        url = COUNTY if one in above else DAY
        _tell_of_team(one, team, LATE, url=url, turn=turn, n=n)


def tell_windows_over(teams: Sequence[Team], *, to_county: Container[UUID]) -> None:
    """
    The same, of a few hundred windows at once: thousands end in a morning, and a team's are in
    many of these sets. Who was told today is not counted for again.
    """
    require_intention()
    told = notifications.told_of([team.pk for team in teams], LATE, turn=_turn())
    for team in teams:
        leader = (team.pk, DAY) not in told
        county = team.pk in to_county and (team.pk, COUNTY) not in told
        if leader or county:
            tell_late(team, leader=leader, county=county)


def _turn(day: date | None = None) -> int:
    return (day or timezone.localdate()).toordinal() - EPOCH


def tell_missed(teams: Sequence[UUID]) -> None:
    """Of what was missed lately, told already or not: a night that was cut off loses none."""
    require_intention()
    for team, day in queries.missed_lately(teams):
        tell_late(team, day=day)


def tell_people(duty: Duty, *, turn: int = 0) -> None:
    """Whoever can say whether it was done; who has no account is told by their number."""
    require_intention()
    served = duty.served_by
    if served is None or duty.served_at is None:
        return
    date = day_words(timezone.localdate(duty.served_at))
    told = told_of(duty.contract)
    for one in told.accounts:
        if one.pk != served.pk:
            _tell(one, duty, "duty.confirm", url=MINE, turn=turn, date=date, who=served.name)
    if told.person:
        notify_person(
            person_id=told.person,
            template="duty.confirm",
            about=duty.pk,
            turn=turn,
            desk=duty.contract.team.organisation_id,
            date=date,
            who=served.name,
        )


def tell_leader(
    duty: Duty, template: str, *, turn: int = 0, leader: bool = True, county: bool = False
) -> None:
    require_intention()
    team = duty.contract.team
    people = [registration.leader_of(team)] if leader else []
    if template == "duty.warned":
        people.append(registration.doctor_now(duty.contract))
    above = registration.coordinators_of(team.organisation) if county else []
    date = day_words(timezone.localdate(duty.served_at or duty.warned_at or timezone.now()))
    for one in {one.pk: one for one in [*people, *above] if one}.values():
        url = COUNTY if one in above else f"{DAY}{duty.pk}/"
        _tell(one, duty, template, url=url, turn=turn, date=date)


def tell_doctor(duty: Duty) -> None:
    """Who has to say whether three high values are a diagnosis; where nobody may, the county."""
    require_intention()
    contract = duty.contract
    date = day_words(timezone.localdate(duty.served_at or duty.warned_at or timezone.now()))
    for one, url in _followers(contract):
        _tell(one, duty, "duty.proposed", url=url, date=date)


def tell_risk(plan: Plan) -> None:
    """A pregnancy from orange on is a hospital's, too: who looks after her hears of it at once."""
    require_intention()
    contract = plan.contract
    for one, url in _followers(contract, leader=True):
        notify(
            recipient=one,
            template="duty.risk",
            about=plan.pk,
            url=url,
            turn=_turn(),
            desk=contract.team.organisation_id,
        )


def _followers(contract: Contract, *, leader: bool = False) -> list[tuple[User, str]]:
    """The doctor, `leader` the leader too, with the page for each; nobody there, the county."""
    people = [registration.doctor_now(contract)]
    if leader:
        people.append(registration.leader_of(contract.team))
    if found := {one.pk: one for one in people if one}:
        return [(one, f"{DAY}plans/{contract.pk}/") for one in found.values()]
    return [(one, COUNTY) for one in registration.coordinators_of(contract.team.organisation)]


def tell_recheck(duty: Duty, call: str, *, turn: int) -> None:
    """
    The doctor before its day, and the leader on it: where there is nobody who may work, the county;
    then the county.
    """
    require_intention()
    team = duty.contract.team
    county = registration.coordinators_of(team.organisation)
    leader = registration.leader_of(team)
    doctor = registration.doctor_now(duty.contract)
    people: dict[str, list[User]] = {
        rules.DOCTOR: [doctor] if doctor else [*county],
        rules.LEADER: [leader] if leader else [*county],
        rules.COUNTY: [*county],
    }
    over = timezone.localdate() >= duty.due_on
    template = "duty.recheck_late" if over else "duty.recheck_due"
    date = day_words(duty.due_on)
    for one in people[call]:
        url = COUNTY if one in county else f"{DAY}{duty.pk}/"
        _tell(one, duty, template, url=url, turn=turn, date=date)


def _tell_of_team(recipient: User | None, team: Team, template: str, **rest: Any) -> None:
    if recipient is None:
        return
    notify(
        recipient=recipient,
        template=template,
        about=team.pk,
        desk=team.organisation_id,
        **rest,
    )


def _tell(
    recipient: User | None, duty: Duty, template: str, *, url: str, turn: int = 0, **facts: Any
) -> None:
    if recipient is None:
        return
    notify(
        recipient=recipient,
        template=template,
        about=duty.pk,
        url=url,
        turn=turn,
        desk=duty.contract.team.organisation_id,
        **facts,
    )
