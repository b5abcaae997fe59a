"""How the pages of a room reach each other: servers that help to find a way, or a media engine."""

import base64
import hashlib
import hmac
import time
from typing import Any
from uuid import UUID

from django.conf import settings

from consult.rooms import engines
from consult.rooms.models import Participant
from consult.rooms.permissions import may_host, may_speak

Json = dict[str, Any]


def offered(place: Participant) -> Json:
    """
    {"servers": RTCIceServer entries, "engine": null or what its page goes in with, "seconds": for
    how long both are good, null: for ever}. For who is in the room; nobody else may get them.
    """
    servers, seconds = relays(place.connection)
    lives = [seconds] if seconds else []
    admission, engine = None, engines.connected()
    if engine and place.room.engine_room:
        identity = str(place.user_id)
        rights = {"speaks": may_speak(place.role), "shares": may_host(place.role)}
        admission = engine.admission(place.room.engine_room, identity, **rights)
        lives.append(admission.pop("seconds"))
    return {"servers": servers, "engine": admission, "seconds": min(lives, default=None)}


def relays(connection: UUID | None) -> tuple[list[Json], int | None]:
    """
    The servers, and for how many seconds their credentials are good. Without any host candidates
    must do.

    TURN credentials are coturn's use-auth-secret form (draft-uberti-behave-turn-rest-00): the
    name is the moment they die, the password its HMAC-SHA1 under the shared secret. A TURN server
    asks for them when a way is opened, so a page takes new ones before these die, and who was
    removed opens no way any more once they are dead.
    """
    servers: list[Json] = []
    if settings.STUN_URLS:
        servers.append({"urls": settings.STUN_URLS})
    if not settings.TURN_URLS:
        return servers, None
    name = f"{int(time.time()) + settings.TURN_SECONDS}:{connection}"
    secret = settings.TURN_SECRET.encode()
    password = base64.b64encode(hmac.digest(secret, name.encode(), hashlib.sha1)).decode()
    servers.append({"urls": settings.TURN_URLS, "username": name, "credential": password})
    return servers, settings.TURN_SECONDS
