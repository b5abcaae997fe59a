"""The sessions of a doctor, for who closes an account."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability import services
from scheduling.availability.clashes import when
from scheduling.availability.models import Session, State
from scheduling.availability.queries import counts_of
from telemed.core.errors import DomainError
from telemed.core.intentions import Actor, attempt
from telemed.people.models import User
from telemed.people.open_work import Item

MOST = 100


def held(user: User) -> Iterable[Item]:
    """What is ahead and stands, the soonest first."""
    rows = Session.objects.filter(
        clinician=user, state__in=[State.PLANNED, State.PUBLISHED], day__gte=timezone.localdate()
    )
    ahead = list(rows.select_related("clinician", "department").order_by("during", "pk")[:MOST])
    counts = counts_of(one.pk for one in ahead)
    for session in ahead:
        taken, _places = counts.get(session.pk, (0, 0))
        label = _("{when}, {where}: {n} booked")
        yield Item(
            id=session.pk,
            label=label.format(when=when(session), where=session.department.name, n=taken),
            url=f"/sessions/{session.pk}/",
        )


def move(actor: Actor, user: User, to: User, item_id: UUID) -> None:
    """
    To a colleague at once, where nobody is booked and they are free then; what cannot go is stopped
    by the desk, which finds it among the sessions to stop.
    """
    try:
        with attempt():
            services.take_over(actor=actor, doctor=user, to=to, session_id=item_id)
    except DomainError:
        return
