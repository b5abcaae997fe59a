"""Whose desk this is."""

from hashlib import sha256
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core import policies
from telemed.core.errors import NotFound
from telemed.desks import rules
from telemed.desks.models import Desk, Seat
from telemed.desks.permissions import NEVER, may_share
from telemed.people.models import CLINICAL, PractitionerRole, SigningKey, User

MOST = 12  # people at one desk


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def find_desk(token: str) -> Desk | None:
    """The desk of the browser that has this cookie."""
    desks = Desk.objects.select_related("organisation").filter(digest=digest_of(token))
    return desks.first() if token else None


def seats_of(desk: Desk) -> list[Seat]:
    """Who may take it over now: signed in there today, still allowed to, with a PIN."""
    if not policies.value(rules.SHARED, desk.organisation_id):
        return []
    here = _live().filter(desk=desk, user__acting_as__organisation=desk.organisation_id)
    return list(here.select_related("user__acting_as").order_by("user__name", "pk")[:MOST])


def get_seat(desk: Desk, seat_id: UUID) -> Seat:
    """One of them. Over, forbidden and absent look the same."""
    found = next((seat for seat in seats_of(desk) if seat.pk == seat_id), None)
    if found is None:
        raise NotFound(_("Nobody of that name has a place at this desk today."), path="seat")
    return found


def own_seats(actor: User) -> list[Seat]:
    """Where the actor may be called back with the PIN."""
    return list(_live().filter(user=actor).select_related("desk__organisation").order_by("pk"))


def roles_held(user: User) -> set[str]:
    today = timezone.localdate()
    return {role.role for role in user.roles.all() if role.is_current(today)}


def may_sit(user: User) -> bool:
    """Whether this account may change over with a PIN, wherever it sits."""
    return may_share(user.role, roles_held(user))


def _live() -> QuerySet[Seat]:
    lasting = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    never = PractitionerRole.objects.filter(lasting, user=OuterRef("user"), role__in=NEVER)
    keys = SigningKey.objects.filter(user=OuterRef("user"), revoked_at=None)
    return Seat.objects.filter(
        ~Exists(never),
        Exists(keys),
        ended_at=None,
        day=timezone.localdate(),
        user__is_active=True,
        user__acting_as__role__in=CLINICAL,
    )
