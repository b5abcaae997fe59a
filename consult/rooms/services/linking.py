"""What every slice that lets people in by a link does with it."""

from collections.abc import Iterable

from django.db.models import Q

from consult.rooms.links import Kind, OneTimeLink
from telemed.core import moments
from telemed.core.doorbells import ring_group
from telemed.core.ids import new_id
from telemed.core.intentions import require_intention
from telemed.core.sockets import account_group
from telemed.people.models import User


def make_holder(*, kind: Kind, name: str, language: str = "") -> User:
    """An account that nobody signs in to: log, presence and audit need an actor."""
    require_intention()
    holder = User(username=f"{kind.cookie}-{new_id()}", name=name)
    holder.language = language or holder.language
    holder.set_unusable_password()
    holder.save()
    return holder


def keep_link(*, kind: Kind, link: OneTimeLink) -> None:
    """A new one, with what is kept of its address."""
    require_intention()
    link.pk = new_id()
    link.digest = kind.digest_of(kind.token_of(link.pk))
    link.save(force_insert=True)


def bind_link(*, kind: Kind, link: OneTimeLink, cookie: str) -> bool:
    """To the browser that enters first; the same one once more changes nothing."""
    require_intention()
    mine = kind.browser_of(cookie)
    free = type(link)._default_manager.filter(Q(browser="") | Q(browser=mine), pk=link.pk)
    bound = free.filter(ended_at=None)
    return bool(bound.update(browser=mine, opened_at=link.opened_at or moments.now()))


def end_links(links: Iterable[OneTimeLink]) -> None:
    """Whoever is in by one of them is put out."""
    require_intention()
    for link in links:
        link.ended_at = moments.now()
        link.save(update_fields=["ended_at"])
        ring_group(account_group(link.holder_id), type="account.doubted")
