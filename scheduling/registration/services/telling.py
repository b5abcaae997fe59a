"""Telling the residents of a contract, its team, and who sees to what is overdue."""

from typing import Any
from uuid import UUID

from django.utils import timezone, translation

from records.consent import access
from records.mpi.queries import guardians_of
from records.mpi.reaching import Audience, audience_of
from scheduling.registration import queries
from scheduling.registration.models import Closing, Contract, Team
from scheduling.registration.words import day_words
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify, notify_person
from telemed.people.models import Role, User


def tell_people(contract: Contract, template: str, *, turn: int = 0, **facts: Any) -> None:
    """
    The person's own account, their guardians', and whoever applied for them from afar; who has none
    of these is told by their number, and phoned by the clinic.
    """
    require_intention()
    told = told_of(contract)
    for recipient in told.accounts:
        tell_user(recipient, contract, template, turn=turn, **facts)
    if told.person:
        _tell_person(told.person, contract, template, turn=turn, **facts)


def tell_user(
    recipient: User | None, contract: Contract, template: str, *, turn: int = 0, **facts: Any
) -> None:
    if recipient is None:
        return
    notify(
        recipient=recipient,
        template=template,
        about=contract.pk,
        url=f"/family-doctor/contracts/{contract.pk}/",
        turn=turn,
        desk=contract.team.organisation_id,
        **(_facts(contract) | facts),
    )


def tell_doctor(contract: Contract, template: str, *, turn: int = 0, **facts: Any) -> None:
    """Its doctor; where that account is closed, who leads the team."""
    tell_user(queries.doctor_now(contract), contract, template, turn=turn, **facts)


def _tell_person(
    person_id: UUID, contract: Contract, template: str, *, turn: int = 0, **facts: Any
) -> None:
    notify_person(
        person_id=person_id,
        template=template,
        about=contract.pk,
        turn=turn,
        desk=contract.team.organisation_id,
        **(_facts(contract) | facts),
    )


def _facts(contract: Contract) -> dict[str, Any]:
    team = contract.team
    return {
        "who": contract.doctor.name if contract.doctor else team.name,
        "org": team.organisation.name,
        "date": day_words(contract.last_day),
        "n": 1,
    }


def tell_leader(contract: Contract) -> None:
    """How many wait: one message a contract, which says all of them."""
    n = queries.waiting_at(contract.team)
    tell_user(queries.leader_of(contract.team), contract, "contract.applied", n=n)


def tell_moved(contract: Contract) -> None:
    """With the doctor who goes on, and until when another team may be chosen, in their words."""
    told = told_of(contract)
    for recipient in told.accounts:
        with translation.override(recipient.language or None):
            date = day_words(contract.free_until)
        tell_user(recipient, contract, "contract.moved", date=date)
    if told.person:
        date = day_words(contract.free_until)
        _tell_person(told.person, contract, "contract.moved", date=date)


def tell_handed_over(closing: Closing) -> None:
    """Who began it; the leaders of those who took over; of who was left the coordinators."""
    require_intention()
    here, there = f"/family-doctor/closings/{closing.pk}/", "/family-doctor/desk/"
    _tell_of(closing.begun_by, closing, "team.handed_over", here, n=closing.moved)
    for team, n in queries.taken_over_by(closing):
        _tell_of(queries.leader_of(team), closing, "team.received", there, n=n)
    if n := queries.count_left(closing):
        organisation = closing.team.organisation
        for coordinator in queries.coordinators_of(organisation):
            facts = {"n": n, "org": organisation.name}
            _tell_of(coordinator, closing, "team.left", "/family-doctor/left/", **facts)


def tell_leaderless(user_id: UUID) -> None:
    """The head and the administrator of each clinic where this account leads a team."""
    require_intention()
    for team, leader in queries.led_by(user_id):
        n = sum(queries.people_by_village(team).values())
        for keeper in queries.keepers_of(team.organisation):
            here = f"/family-doctor/keep/{team.pk}/"
            _tell_of_team(keeper, team, "team.leaderless", here, who=leader.name, n=n)


def tell_passed_on(team: Team, gone: User, heir: User, n: int) -> None:
    """Whose they are now, or who leads the team in which they went to several."""
    require_intention()
    _tell_of_team(heir, team, "team.passed_on", "/family-doctor/desk/", who=gone.name, n=n)


def tell_without_doctor(team: Team, gone: User, n: int) -> None:
    """Who keeps the team, and who leads it: these people have a doctor who may not work."""
    require_intention()
    here = f"/family-doctor/keep/{team.pk}/"
    for keeper in queries.keepers_of(team.organisation):
        _tell_of_team(keeper, team, "team.without_doctor", here, who=gone.name, n=n)
    if leader := queries.leader_of(team):
        desk = "/family-doctor/desk/"
        _tell_of_team(leader, team, "team.without_doctor", desk, who=gone.name, n=n)


def _tell_of_team(recipient: User, team: Team, template: str, url: str, **facts: Any) -> None:
    notify(
        recipient=recipient,
        template=template,
        about=team.pk,
        url=url,
        desk=team.organisation_id,
        turn=timezone.localdate().toordinal() % 32_000,
        **facts,
    )


def _tell_of(
    recipient: User | None, closing: Closing, template: str, url: str, **facts: Any
) -> None:
    if recipient:
        desk = closing.team.organisation_id
        notify(
            recipient=recipient, template=template, about=closing.pk, url=url, desk=desk, **facts
        )


def audience(contract: Contract) -> list[User]:
    return told_of(contract).accounts


def told_of(contract: Contract) -> Audience:
    people = [row.delegate.user for row in guardians_of(contract.patient) if row.is_guardian]
    # A guardian who applied hears no more of who has come of age.
    by = contract.applied_by
    if by.role == Role.RESIDENT and access.decide(by, "book", contract.patient).allowed:
        people.append(by)
    return audience_of(contract.patient, people)
