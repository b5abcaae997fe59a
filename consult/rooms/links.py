"""
One-time links into a room, for who has no account: what stands in one, and what is kept of it.

Each slice that makes them has a table of this form and a kind of its own, so that a link of the one
opens nothing of the other.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from telemed.core.models import BaseModel
from telemed.core.secrecy import keyed_hash
from telemed.people.models import User

TOKEN = 22  # characters of 6 bits: nothing to guess
BROWSER = 24  # bytes
# For the constraint and the index that every such table has.
OPENED_BY_A_BROWSER = Q(browser="", opened_at=None) | (~Q(browser="") & Q(opened_at__isnull=False))
ENTERED = Q(ended_at=None) & ~Q(browser="")


class Standing(StrEnum):
    """What a link is good for now, in this browser."""

    EARLY = "early"
    OPEN = "open"
    ELSEWHERE = "elsewhere"  # another browser entered first
    REPLACED = "replaced"
    OVER = "over"


@dataclass(frozen=True)
class Kind:
    """`cookie` is what the browser that entered keeps, and what the hashes are made for."""

    cookie: str

    def token_of(self, link_id: UUID) -> str:
        """Made anew whenever it is sent, so that no backup holds one."""
        return keyed_hash(str(link_id), purpose=f"{self.cookie}.link")[:TOKEN]

    def digest_of(self, token: str) -> str:
        return keyed_hash(token, purpose=f"{self.cookie}.link.kept")

    def browser_of(self, cookie: str) -> str:
        return keyed_hash(cookie, purpose=f"{self.cookie}.browser") if cookie else ""


def new_browser() -> str:
    """What the browser that enters first keeps as its cookie."""
    return secrets.token_urlsafe(BROWSER)


class LinkQuerySet(models.QuerySet["OneTimeLink"]):
    def entered_by(self, browsers: Collection[str]) -> Self:
        """Those by which one of these browsers entered, and that were not ended since."""
        return self.once_entered_by(browsers).filter(ENTERED)

    def once_entered_by(self, browsers: Collection[str]) -> Self:
        """Also those that were ended since."""
        return self.filter(browser__in=[one for one in browsers if one])


class OneTimeLink(BaseModel):
    """
    What lets its holder into one room, and nowhere else. The address is made of its id and the
    installation's key; kept is only a hash of it, and of the browser that entered first.
    """

    # An account that nobody signs in to and that has no rights: the person as the room knows them.
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=43, unique=True)
    browser = models.CharField(max_length=43, blank=True, default="")
    opened_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # nobody: the system
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)

    def standing(self, browser: str, *, is_over: bool, is_early: bool = False) -> Standing:
        """`browser`: the hash of who asks."""
        if is_over:
            return Standing.OVER
        if self.ended_at:
            return Standing.REPLACED
        if self.browser and self.browser != browser:
            return Standing.ELSEWHERE
        return Standing.EARLY if is_early else Standing.OPEN


class Entries(Protocol):
    """What the queries of such a slice answer of the browsers that entered by its links."""

    def find_entered(self, cookie: str, room_id: UUID, /) -> OneTimeLink | None: ...

    def glance_at_links(self, cookies: Sequence[str], /) -> dict[str, tuple[Any, ...]]: ...


def by_cookie(kind: Kind, cookies: Iterable[str]) -> dict[str, str]:
    """Which cookie each browser showed, by what is kept of it."""
    return {kind.browser_of(cookie): cookie for cookie in cookies if cookie}
