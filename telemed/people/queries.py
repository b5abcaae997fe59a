"""Reads that need a name."""

from uuid import UUID

from telemed.people.models import User


def find_user(user_id: UUID) -> User | None:
    """An account that may act now, with the role and institution it acts for."""
    accounts = User.objects.filter(is_active=True).select_related("acting_as__organisation")
    return accounts.filter(pk=user_id).first()
