"""What a doctor has in hand of cases, for who closes an account or hands a shift over."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import HELD, Case
from consult.requests.services import move_case
from telemed.core.intentions import Actor
from telemed.people.models import User
from telemed.people.open_work import Item


def held(user: User) -> Iterable[Item]:
    """The cases that this doctor holds and that are not signed yet."""
    for case in Case.objects.filter(holder=user, status__in=HELD).order_by("pk")[:100]:
        yield Item(
            id=case.pk,
            label=_("{no}, {kind}, {state}").format(
                no=case.number, kind=case.get_kind_display(), state=case.get_status_display()
            ),
            url=f"/cases/{case.pk}/",
            urgent=case.is_emergency,
        )


def move(actor: Actor, user: User, to: User, item_id: UUID) -> None:
    """Ask the other doctor to take over; until they accept, it stays where it is."""
    move_case(actor=actor, holder=user, to=to, case_id=item_id)
