"""The engine that the settings name, and what `check` says about calls."""

import urllib.parse
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from consult.rooms.engines import Engine, connect
from consult.rooms.engines.livekit import LiveKit

SHORTEST = 32  # characters; LiveKit wants as many
NAMES = ("LIVEKIT_URL", "LIVEKIT_KEY", "LIVEKIT_SECRET")


def connect_chosen() -> None:
    """Called in ready(). An address makes it LiveKit; what is missing is an error of `check`."""
    connect(_chosen())


def _chosen() -> Engine | None:
    if not all(getattr(settings, name) for name in NAMES):
        return None
    return LiveKit(
        url=settings.LIVEKIT_URL, key=settings.LIVEKIT_KEY, secret=settings.LIVEKIT_SECRET
    )


def check_calls(**_: Any) -> list[CheckMessage]:
    """Half a setting is none, and an open line to a media server is one that anybody reads."""
    found: list[CheckMessage] = []
    given = [name for name in NAMES if getattr(settings, name)]
    for name in NAMES:
        if given and name not in given:
            hint = f"Set TELEMED_{name}, or none of the three (see .env.example)."
            found.append(Error(f"LiveKit needs {name}.", hint=hint, id="telemed.E020"))
    if settings.LIVEKIT_URL and urllib.parse.urlsplit(settings.LIVEKIT_URL).scheme != "wss":
        hint = "Set TELEMED_LIVEKIT_URL to wss://…, as browsers connect to it."
        found.append(Error("The line to LiveKit is not secure.", hint=hint, id="telemed.E021"))
    if settings.LIVEKIT_SECRET and len(settings.LIVEKIT_SECRET) < SHORTEST:
        hint = f"Set TELEMED_LIVEKIT_SECRET to {SHORTEST} random characters or more."
        found.append(Error("LIVEKIT_SECRET is too short.", hint=hint, id="telemed.E022"))
    if settings.TURN_URLS and not settings.TURN_SECRET:
        hint = "Set TELEMED_TURN_SECRET to coturn's static-auth-secret."
        found.append(Error("TURN needs a secret.", hint=hint, id="telemed.E023"))
    return found
