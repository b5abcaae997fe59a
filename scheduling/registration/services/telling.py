"""Telling the residents of a contract, its team, and who sees to what is overdue."""

from typing import Any

from records.mpi.queries import guardians_of
from scheduling.registration import queries
from scheduling.registration.models import Contract
from scheduling.registration.words import day_words
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import Role, User


def tell_people(contract: Contract, template: str, *, turn: int = 0, **facts: Any) -> None:
    """The person's own account, their guardians', and whoever applied for them from afar."""
    require_intention()
    for recipient in audience(contract):
        tell_user(recipient, contract, template, turn=turn, **facts)


def tell_user(
    recipient: User | None, contract: Contract, template: str, *, turn: int = 0, **facts: Any
) -> None:
    if recipient is None:
        return
    team = contract.team
    said = {
        "who": contract.doctor.name if contract.doctor else team.name,
        "org": team.organisation.name,
        "date": day_words(contract.last_day),
        "n": 1,
        **facts,
    }
    notify(
        recipient=recipient,
        template=template,
        about=contract.pk,
        url=f"/family-doctor/contracts/{contract.pk}/",
        turn=turn,
        desk=team.organisation_id,
        **said,
    )


def tell_leader(contract: Contract) -> None:
    """How many wait: one message a contract, which says all of them."""
    n = queries.waiting_at(contract.team)
    tell_user(queries.leader_of(contract.team), contract, "contract.applied", n=n)


def audience(contract: Contract) -> list[User]:
    people = [contract.patient.user]
    people += [row.delegate.user for row in guardians_of(contract.patient) if row.is_guardian]
    if contract.applied_by.role == Role.RESIDENT:
        people.append(contract.applied_by)
    return list({one.pk: one for one in people if one and one.is_active}.values())
