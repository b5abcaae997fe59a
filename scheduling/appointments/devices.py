"""A browser that books is known by a random word of its own; only a keyed hash of it is kept."""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from telemed.core import secrecy

COOKIE = "booking_device"
KEPT = timedelta(days=180)
WORD = re.compile(r"[A-Za-z0-9_-]{22}")


def word_of(request: HttpRequest) -> str:
    """What it brought, or a new one."""
    brought = request.COOKIES.get(COOKIE, "")
    return brought if WORD.fullmatch(brought) else secrets.token_urlsafe(16)


def hashed(word: str) -> str:
    return secrecy.keyed_hash(word, purpose="booking.device")


def remember(response: HttpResponse, word: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        word,
        max_age=KEPT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        path="/booking/",
    )
    return response
