"""Which servers help two browsers to find a way to each other."""

import base64
import hashlib
import hmac
import time
from typing import Any
from uuid import UUID

from django.conf import settings

LIFETIME = 6 * 3600  # seconds; a call re-uses its first credentials for each restart


def servers(connection: UUID) -> list[dict[str, Any]]:
    """
    RTCIceServer entries for one connection; none by default: then host candidates must do.

    TURN credentials are coturn's use-auth-secret form (draft-uberti-behave-turn-rest-00): the
    name is the moment they die, the password its HMAC-SHA1 under the shared secret.
    """
    found: list[dict[str, Any]] = []
    if settings.STUN_URLS:
        found.append({"urls": settings.STUN_URLS})
    if settings.TURN_URLS:
        name = f"{int(time.time()) + LIFETIME}:{connection}"
        secret = settings.TURN_SECRET.encode()
        password = base64.b64encode(hmac.digest(secret, name.encode(), hashlib.sha1)).decode()
        found.append({"urls": settings.TURN_URLS, "username": name, "credential": password})
    return found
