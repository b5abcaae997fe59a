"""What people change about their own account."""

from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import outbox
from telemed.core.doorbells import ring_group
from telemed.core.errors import Forbidden, Invalid, NotFound
from telemed.core.intentions import Actor, require_intention
from telemed.core.sockets import account_group
from telemed.people.events import AccountDisabled
from telemed.people.models import Application, PractitionerRole, Role, User

PREFERENCES: dict[str, tuple[Any, ...]] = {
    "language": ("zh-hans", "en"),
    "theme": ("light", "dark"),
    "large_type": (True, False),
    "letter_keys": (True, False),
}


def act_as(*, actor: User, role_id: UUID) -> PractitionerRole:
    """Change the institution and role that an account acts in, to another one it holds today."""
    require_intention()
    held = PractitionerRole.objects.filter(user=actor).select_related("organisation")
    role = held.filter(pk=role_id).first()
    if role is None:
        raise NotFound(_("You hold no such role."))
    if not role.is_current(timezone.localdate()) or not role.organisation.active:
        raise Forbidden(_("That role has ended. Ask your administrator to renew it."))
    actor.acting_as = role
    actor.save(update_fields=["acting_as"])
    audit.record(action="people.act_as", target=role)
    ring_group(account_group(actor.pk), type="account.doubted")  # what is open asks again
    return role


def disable_account(*, actor: Actor, account: User) -> None:
    """
    It signs in no more and its tokens open nothing; what it did stays. Doing it again is nothing.

    Sockets and pages that are open notice at once.
    """
    require_intention()
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not account.is_active:
        return
    account.is_active = False
    account.save(update_fields=["is_active"])
    audit.record(action="people.disable", target=account)
    outbox.announce(AccountDisabled(user_id=account.pk))
    ring_group(account_group(account.pk), type="account.doubted")


def account_of(*, application: Application) -> User:
    """
    The account under which a registered system books and keeps sessions (ADR 0037).

    It is closed and holds no role, so that nobody signs in to it and no list of staff has it. What
    is returned acts as the desk of the system's institution, for this intention alone.
    """
    require_intention()
    account, _new = User.objects.get_or_create(
        application=application,
        defaults={
            "username": f"system-{application.pk.hex}",
            "name": application.name[:60],
            "is_active": False,
            "password": make_password(None),
        },
    )
    account.acting_as = PractitionerRole(
        user=account, organisation=application.organisation, role=Role.DESK
    )
    return account


def lock_account(*, account: User) -> None:
    """Writers who must not cross under one account wait here until the intention ends."""
    require_intention()
    User.objects.select_for_update(no_key=True).get(pk=account.pk)


def set_preferences(*, actor: User, **chosen: Any) -> None:
    """Language, theme, large type, letter keys: any of PREFERENCES, to one of its values."""
    require_intention()
    for name, value in chosen.items():
        if value not in PREFERENCES.get(name, ()):
            raise Invalid(_("There is no such setting."), path=name)
        setattr(actor, name, value)
    actor.save(update_fields=list(chosen))
