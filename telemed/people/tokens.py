"""Bearer tokens for the APIs. The raw token is shown once; only its SHA-256 is kept."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core.errors import Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import AccessToken, Application, User

LONGEST = timedelta(days=365)
BYTES = 32  # 256 random bits: nothing to guess, so a plain hash is enough


def digest(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()


def issue_token(*, holder: User | Application, scopes: str, lifetime: timedelta) -> str:
    """
    A new raw token for an account or an application; nobody can read it again.

    Scopes are SMART v2, separated by blanks. Raises Forbidden for a closed holder.
    """
    require_intention()
    require(_is_open(holder), _("This account is closed."))
    if not timedelta() < lifetime <= LONGEST:
        raise Invalid(_("A token lasts at most one year."), path="lifetime")
    raw = secrets.token_urlsafe(BYTES)
    token = AccessToken.objects.create(
        digest=digest(raw),
        user=holder if isinstance(holder, User) else None,
        application=holder if isinstance(holder, Application) else None,
        scopes=scopes,
        expires_at=timezone.now() + lifetime,
    )
    audit.record(action="token.issue", target=f"AccessToken/{token}")
    return raw


def find_token(raw: str) -> AccessToken | None:
    """The live token of an open account or application; None for anything else."""
    live = AccessToken.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    related = live.select_related("user__acting_as__organisation", "application__organisation")
    token = related.filter(digest=digest(raw)).first()
    holder = token and (token.user or token.application)
    return token if holder and _is_open(holder) else None


def revoke_token(*, token: AccessToken) -> None:
    """It opens nothing from now on."""
    require_intention()
    AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    audit.record(action="token.revoke", target=f"AccessToken/{token}")


def _is_open(holder: User | Application) -> bool:
    return holder.is_active if isinstance(holder, User) else holder.active
