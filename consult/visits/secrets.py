"""What stands in a link, and what is kept of it."""

import secrets
from uuid import UUID

from django.urls import reverse

from telemed.core.secrecy import keyed_hash

TOKEN = 22  # characters of 6 bits: nothing to guess
COOKIE = "visit"
BROWSER = 24  # bytes


def token_of(link_id: UUID) -> str:
    """Made anew whenever it is sent, so that no backup holds one."""
    return keyed_hash(str(link_id), purpose="visit.link")[:TOKEN]


def path_of(link_id: UUID) -> str:
    return reverse("visits:door", args=[token_of(link_id)])


def digest_of(token: str) -> str:
    return keyed_hash(token, purpose="visit.link.kept")


def new_browser() -> str:
    """What the browser that enters first keeps as its cookie."""
    return secrets.token_urlsafe(BROWSER)


def browser_of(cookie: str) -> str:
    return keyed_hash(cookie, purpose="visit.browser") if cookie else ""
