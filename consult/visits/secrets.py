"""What stands in the link of a visit, and what is kept of it."""

from uuid import UUID

from django.urls import reverse

from consult.rooms.links import Kind, new_browser

__all__ = ["COOKIE", "KIND", "browser_of", "digest_of", "new_browser", "path_of", "token_of"]
KIND = Kind("visit")
COOKIE = KIND.cookie
token_of, digest_of, browser_of = KIND.token_of, KIND.digest_of, KIND.browser_of


def path_of(link_id: UUID) -> str:
    return reverse("visits:door", args=[token_of(link_id)])
