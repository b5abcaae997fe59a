"""How somebody wants to see pages. A device's own choice wins; the account's is for new ones."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIES = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": "theme", "large_type": "large_type"}
YEAR = 31_536_000


@dataclass(frozen=True)
class Preferences:
    language: str
    theme: str
    large_type: bool


def read(request: HttpRequest) -> Preferences:
    """Cookies, then the account, then Chinese, light and the usual size."""
    user = getattr(request, "user", None)
    account = user if user and user.is_authenticated else None
    language = request.COOKIES.get(COOKIES["language"]) or getattr(account, "language", "")
    theme = request.COOKIES.get(COOKIES["theme"]) or getattr(account, "theme", "")
    large = request.COOKIES.get(COOKIES["large_type"])
    return Preferences(
        language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        theme if theme in {"light", "dark"} else "light",
        large == "1" if large else bool(getattr(account, "large_type", False)),
    )


def remember(response: HttpResponse, **chosen: str | bool) -> None:
    """Keep a choice on this device."""
    for name, value in chosen.items():
        if cookie := COOKIES.get(name):
            kept = str(int(value)) if isinstance(value, bool) else value
            response.set_cookie(
                cookie, kept, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
            )
