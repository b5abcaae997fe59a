"""The address that opens an invitation: made of its id and the installation's key."""

from uuid import UUID

from django.core import signing
from django.urls import reverse

from telemed.staff.models import Invitation

SALT = "account.invite"


def token_of(invitation: Invitation) -> str:
    return signing.dumps(str(invitation.pk), salt=SALT)


def path_of(invitation: Invitation) -> str:
    return reverse("staff:join", args=[token_of(invitation)])


def read(token: str) -> UUID | None:
    """The invitation's id; None for anything we did not make."""
    try:
        return UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError):
        return None
