"""What stands in the link of a guest, and what is kept of it."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from consult.rooms.links import Kind

KIND = Kind("guest")


def path_of(link_id: UUID) -> str:
    return reverse("guests:door", args=[KIND.token_of(link_id)])


def address_of(link_id: UUID) -> str:
    """As it is read out or copied."""
    return settings.PUBLIC_URL.rstrip("/") + path_of(link_id)
