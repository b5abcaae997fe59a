"""What licences announce, told to those whom it concerns."""

from typing import Any
from uuid import UUID

from telemed.core import outbox
from telemed.notifications.services import notify
from telemed.people import events, open_work
from telemed.people.models import Practitioner, User
from telemed.rota.queries import keepers_of
from telemed.staff import queries

Payload = dict[str, Any]


def subscribe() -> None:
    """Called in ready()."""
    outbox.subscribe(events.LicenceEnding, tell_that_it_ends)
    outbox.subscribe(events.LicenceSuspended, tell_that_it_stopped)
    outbox.subscribe(events.LicenceExpired, tell_that_it_stopped)


def tell_that_it_ends(payload: Payload) -> None:
    """The person and the administrators of where they work, at each warning."""
    practitioner = queries.get_practitioner(UUID(payload["practitioner_id"]))
    person = practitioner.user
    for recipient in [person, *_at_work(person, queries.administrators_of)]:
        notify(
            recipient=recipient,
            template="licence.ending",
            about=practitioner.pk,
            url="" if recipient == person else f"/staff/{person.pk}/",
            turn=_turn(practitioner, payload["days"]),
            who=str(person),
            date=practitioner.licensed_until.isoformat(),
        )


def tell_that_it_stopped(payload: Payload) -> None:
    """The person, and urgently those who keep the rota where they work."""
    practitioner = queries.get_practitioner(UUID(payload["practitioner_id"]))
    person = practitioner.user
    if practitioner.state == Practitioner.State.ACTIVE:
        return  # resumed or renewed meanwhile
    state = str(practitioner.get_state_display())
    turn = _turn(practitioner, 0)
    about = practitioner.pk
    notify(
        recipient=person, template="licence.stopped", about=about, url="", turn=turn, state=state
    )
    count = len(open_work.held_by(person))
    for keeper in _at_work(person, keepers_of):
        notify(
            recipient=keeper,
            template="licence.suspended",
            about=about,
            url="/rota/",
            urgent=True,
            turn=turn,
            who=str(person),
            n=count,
        )


def _at_work(person: User, whom: Any) -> list[User]:
    places = {r.organisation_id: r.organisation for r in queries.roles_of(person) if not r.ends_on}
    found = {user.pk: user for place in places.values() for user in whom(place)}
    return [user for user in found.values() if user != person]


def _turn(practitioner: Practitioner, days: int) -> int:
    """Each warning of each licence period is told once; days fit a small number."""
    return practitioner.licensed_until.year % 100 * 300 + min(max(days, 0), 299)
