"""The people whom a family doctor has signed, for who closes an account."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.registration import queries, services
from telemed.core.intentions import Actor
from telemed.people.models import User
from telemed.people.open_work import Item


def held(user: User) -> Iterable[Item]:
    """By team, with who takes them over where nobody of the team is chosen."""
    for team, n in queries.held_by(user.pk):
        leader = queries.leader_of(team)
        label = _("{team}: {n} signed; they go to {who} where nobody of the team is chosen")
        if leader is None or leader == user:
            label = _("{team}: {n} signed, and nobody else leads the team")
        who = leader.name if leader else ""
        yield Item(
            id=team.pk,
            label=label.format(team=team.name, n=n, who=who),
            url=f"/family-doctor/keep/{team.pk}/",
        )


def move(_actor: Actor, user: User, to: User, item_id: UUID) -> None:
    services.name_successor(user=user, to=to, team_id=item_id)
