"""Which servers help two browsers to find a way to each other."""

import base64
import hashlib
import hmac
import time
from typing import Any
from uuid import UUID

from django.conf import settings

Json = dict[str, Any]


def offered(connection: UUID) -> Json:
    """
    RTCIceServer entries for one connection, and for how many seconds they are good; None: for ever.

    Without servers host candidates must do. TURN credentials are coturn's use-auth-secret form
    (draft-uberti-behave-turn-rest-00): the name is the moment they die, the password its
    HMAC-SHA1 under the shared secret. A TURN server asks for them when a way is opened, so a page
    takes new ones before these die, and who was removed opens no way any more once they are dead.
    """
    servers: list[Json] = []
    if settings.STUN_URLS:
        servers.append({"urls": settings.STUN_URLS})
    if not settings.TURN_URLS:
        return {"servers": servers, "seconds": None}
    name = f"{int(time.time()) + settings.TURN_SECONDS}:{connection}"
    secret = settings.TURN_SECRET.encode()
    password = base64.b64encode(hmac.digest(secret, name.encode(), hashlib.sha1)).decode()
    servers.append({"urls": settings.TURN_URLS, "username": name, "credential": password})
    return {"servers": servers, "seconds": settings.TURN_SECONDS}
