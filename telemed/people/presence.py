"""Who is at the desk: whoever sent a heartbeat within the lease."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from telemed.core.intentions import require_intention
from telemed.people.models import Presence, User


def heartbeat(*, actor: User) -> None:
    """Renew the lease of this account; one statement, whatever else beats at the same time."""
    require_intention()
    Presence.objects.bulk_create(
        [Presence(user=actor, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["seen_at"],
    )


def heartbeats(*, users: Iterable[UUID]) -> None:
    """The same for many accounts, in one statement."""
    require_intention()
    now = timezone.now()
    Presence.objects.bulk_create(
        [Presence(user_id=pk, seen_at=now) for pk in sorted(set(users))],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["seen_at"],
    )


def is_present(user: User) -> bool:
    return bool(present_among([user.pk]))


def present_among(user_ids: Iterable[UUID]) -> set[UUID]:
    """Those of them who are at the desk now."""
    since = timezone.now() - Presence.LEASE
    leases = Presence.objects.filter(user__in=user_ids, seen_at__gt=since)
    return set(leases.values_list("user_id", flat=True))
