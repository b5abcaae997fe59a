"""What the shell around every page needs to know."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from telemed.notifications.models import Notification
from telemed.people.models import Role, User


@dataclass(frozen=True)
class HeldRole:
    """A role that an account may act in today."""

    id: UUID
    role: str
    organisation: str

    @property
    def label(self) -> str:
        return str(Role(self.role).label)


@dataclass(frozen=True)
class Shell:
    waiting: int
    roles: list[HeldRole]


def get_shell(actor: User) -> Shell:
    """The badge's number and the roles to switch to, in one query."""
    unread = Notification.objects.waiting().filter(recipient=OuterRef("pk"))
    count = unread.order_by().values("recipient").annotate(n=Count("pk")).values("n")
    rows = list(
        User.objects.filter(pk=actor.pk)
        .annotate(waiting=Coalesce(Subquery(count), 0))
        .order_by("roles__organisation__name")
        .values_list(
            "waiting",
            "roles__id",
            "roles__role",
            "roles__organisation__name",
            "roles__organisation__active",
            "roles__starts_on",
            "roles__ends_on",
        )
    )
    today = timezone.localdate()
    roles = [
        HeldRole(role_id, role, organisation)
        for _waiting, role_id, role, organisation, active, starts_on, ends_on in rows
        if active and starts_on <= today and (ends_on is None or ends_on >= today)
    ]
    return Shell(rows[0][0] if rows else 0, roles)
