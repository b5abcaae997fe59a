"""
The waiting page: an ASGI application for /opening/<number>/ in front of Django, without a database.

One round trip to Valkey is all that a look costs, so a whole county may look at once. Looking is
taking a ticket: who looks again, in however many windows, has the same one. It works without
script; with it the page changes in place and the old one stays while the line is down.
"""

import logging
import re
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.utils import translation

from scheduling.opening import line, looks, pages, signed
from scheduling.opening.line import Away

logger = logging.getLogger(__name__)

PATH = re.compile(r"/opening/([0-9]{1,9})/\Z")
ROOT = "/opening/"
Headers = list[tuple[bytes, bytes]]
ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
POLICY = b"; ".join(
    [
        b"default-src 'self'",
        b"object-src 'none'",
        b"base-uri 'none'",
        b"form-action 'self'",
        b"frame-ancestors 'none'",
    ]
)


@dataclass(frozen=True)
class Asked:
    """One look, as far as the page wants to know of it."""

    number: int
    cookies: dict[str, str]
    query: dict[str, list[str]]
    address: str

    @property
    def session(self) -> str:
        return self.cookies.get(settings.SESSION_COOKIE_NAME, "")


class OpeningDoor:
    """Answers /opening/…; everything else goes on to the inner application."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(ROOT):
            await self.inner(scope, receive, send)
        elif found := looks.find(path):
            await self.send_look(scope, send, found)
        elif not (there := PATH.match(path)):
            await self.inner(scope, receive, send)  # Django's own page says that there is nothing
        elif scope["method"] not in ("GET", "HEAD"):
            await answer(scope, send, 405, b"", [(b"allow", b"GET, HEAD")])
        else:
            await self.show(scope, send, asked_of(scope, int(there[1])))

    async def send_look(self, scope: dict[str, Any], send: Any, found: looks.Look) -> None:
        headers = [
            (b"content-type", found.kind),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"vary", b"accept-encoding"),
        ]
        packed = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
        if packed:
            headers.append((b"content-encoding", b"gzip"))
        await answer(scope, send, 200, found.packed if packed else found.plain, headers)

    async def show(self, scope: dict[str, Any], send: Any, asked: Asked) -> None:
        account = signed.read_pass(asked.cookies.get(signed.PASS, ""), asked.session)
        if account is None and "in" not in asked.query:
            to = f"/booking/opening/{asked.number}/".encode()
            await answer(scope, send, 302, b"", [(b"location", to)])
            return
        chosen = pages.preferences_of(asked.cookies, account)
        status, cookies = 200, Headers()
        with translation.override(chosen.language):
            if account is None:  # it has just been given, and did not come back
                body = pages.render(asked.number, chosen, pages.state_of("cookies"))
                await answer(scope, send, 200, body, page_headers(chosen.language))
                return
            who = line.who_is(account.account)
            ticket = signed.read_ticket(asked.cookies.get(signed.TICKET, ""), who)
            try:
                place = await line.enter_from_page(
                    asked.number,
                    who,
                    ticket=ticket,
                    address=asked.address,
                    again="again" in asked.query,
                )
            except Away:
                status, state = 503, pages.state_of("away")
            else:
                state = pages.read(place, who)
                if place.taken and (ticket is None or ticket[0] != place.id or state.moved):
                    cookies = [ticket_cookie(asked.number, place.id, who, place.taken)]
            body = pages.render(asked.number, chosen, state)
        headers = [*page_headers(chosen.language), *cookies]
        if state.refresh:
            headers.append((b"retry-after", str(state.refresh).encode()))
        await answer(scope, send, status, body, headers)


def asked_of(scope: dict[str, Any], number: int) -> Asked:
    headers = dict(scope["headers"])
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    cookies = cookies_of(headers.get(b"cookie", b"").decode("latin-1"))
    return Asked(number, cookies, query, address_of(scope, headers))


def cookies_of(text: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(text).items()}
    except CookieError:
        return {}


def address_of(scope: dict[str, Any], headers: dict[bytes, bytes]) -> str:
    """
    Whose tickets are counted together; nobody's where only a proxy of this machine is seen.
    """
    seen = (scope.get("client") or ("", 0))[0] or ""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        told = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        seen = told.rpartition(",")[2].strip()[:45] or seen
    return "" if seen.startswith("127.") or seen in ("::1", "") else seen


def ticket_cookie(number: int, opening_id: str, who: str, taken: float) -> tuple[bytes, bytes]:
    kept: SimpleCookie = SimpleCookie()
    kept[signed.TICKET] = signed.write_ticket(opening_id, who, taken)
    morsel = kept[signed.TICKET]
    morsel["path"], morsel["max-age"] = f"{ROOT}{number}/", signed.VALID
    morsel["httponly"], morsel["samesite"] = True, "Lax"
    if settings.HTTPS:
        morsel["secure"] = True
    return b"set-cookie", morsel.OutputString().encode()


def page_headers(language: str) -> Headers:
    return [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-language", language.encode()),
        (b"cache-control", b"private, no-store"),
        (b"content-security-policy", POLICY),
    ]


async def answer(
    scope: dict[str, Any], send: Any, status: int, body: bytes, headers: Headers
) -> None:
    length = (b"content-length", str(len(body)).encode())
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [*ALWAYS, *headers, length]})
    sent = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": sent})
