"""Reads that need a name."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.core.intentions import Actor
from telemed.people import signing
from telemed.people.models import Application, SigningKey, User


def find_user(user_id: UUID) -> User | None:
    """An account that may act now, with the role and institution it acts for."""
    accounts = User.objects.filter(is_active=True).select_related("acting_as__organisation")
    return accounts.filter(pk=user_id).first()


def find_application(actor: Actor) -> Application | None:
    """The registered system that acts; None for a person, and for the product itself."""
    kind, _colon, key = actor.actor_id.partition(":")
    if kind != "application":
        return None
    systems = Application.objects.filter(active=True, pk=key)
    return systems.select_related("organisation__division").first()


def get_account(username: str) -> User:
    """By the name it signs in with, open or closed. Raises NotFound."""
    account = User.objects.filter(username=username).first()
    if account is None:
        raise NotFound(_("There is no account of this name."), path="username")
    return account


def find_key(actor: User) -> SigningKey | None:
    """The key that the actor signs with now."""
    return actor.signing_keys.filter(revoked_at=None).first()


def tries_left(actor: User) -> int | None:
    """Wrong PINs that the actor's key still takes before it locks; None without a key."""
    key = find_key(actor)
    if key is None:
        return None
    if key.locked_until and key.locked_until > timezone.now():
        return 0
    return max(signing.ATTEMPTS - key.failures, 0)
