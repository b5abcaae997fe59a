"""What comes in and goes out: requests and answers of the FHIR door, apart from ASGI."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import http_date
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from records.fhir import outcomes, text
from records.fhir.outcomes import NotAcceptable, UnknownMedia
from records.fhir.search.parsing import Pairs, pairs_of
from telemed.core.errors import Kind, Malformed, TooLarge

BODY_LIMIT = 32 * 1024 * 1024  # bytes
MEDIA = "application/fhir+json"
UNDERSTOOD = {MEDIA, "application/json", "text/json", "json", ""}
ACCEPTED = UNDERSTOOD | {"*/*", "application/*"}
ETAG = re.compile(r'(?:W/)?"(\d{1,9})"').fullmatch
Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Request:
    method: str
    segments: tuple[str, ...]  # of the path after /fhir
    query: str
    headers: dict[str, str]
    base: str  # https://host/fhir
    body: bytes = b""

    @cached_property
    def pairs(self) -> Pairs:
        """The parameters of the address; raises Malformed."""
        return pairs_of(self.query)

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def preference(self, name: str) -> str:
        """Prefer: return=minimal, handling=lenient (https://hl7.org/fhir/R4/http.html#ops)."""
        found = re.search(rf"\b{name}\s*=\s*([\w-]+)", self.header("prefer"))
        return found[1].lower() if found else ""


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)


class Disconnected(Exception):
    """The client went away before it had sent everything."""


def request_of(scope: dict[str, Any]) -> Request:
    """Raises Malformed for a host that is not ours."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get("host", "")
    if not _is_ours(host, tuple(settings.ALLOWED_HOSTS)):
        raise Malformed(_("This server does not answer for that host."))
    scheme = "https" if settings.HTTPS else scope.get("scheme", "http")
    path = scope["path"].removeprefix("/fhir").strip("/")
    if "\x00" in path:
        raise Malformed(_("The null character (\\u0000) is in no address."))
    return Request(
        method=scope["method"],
        segments=tuple(path.split("/")) if path else (),
        query=scope["query_string"].decode("utf-8", "replace"),
        headers=headers,
        base=f"{scheme}://{host}/fhir",
    )


@lru_cache(maxsize=64)
def _is_ours(host: str, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host)  # nothing, of what is not written like a host
    return bool(domain) and validate_host(domain, allowed)


async def body_of(scope: dict[str, Any], receive: Receive) -> bytes:
    """Raises TooLarge before the whole of it is here, Disconnected when it never comes."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    too_large = TooLarge(
        _("At most {limit} MB at a time.").format(limit=BODY_LIMIT // 1024 // 1024)
    )
    if lengths and lengths[0].isdigit() and int(lengths[0][:12]) > BODY_LIMIT:
        raise too_large
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > BODY_LIMIT:
            raise too_large
        if not message.get("more_body"):
            return b"".join(parts)


def language_of(headers: list[tuple[bytes, bytes]]) -> str:
    """The language of the texts in an outcome: Accept-Language, else the site's."""
    asked = next((v.decode("latin-1") for n, v in headers if n == b"accept-language"), "")
    for code, _quality in parse_accept_lang_header(asked.lower()[:200]):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def require_json(request: Request, formats: list[str]) -> None:
    """We speak JSON alone. `formats`: what `_format` says."""
    wanted = formats or [part.partition(";")[0] for part in request.header("accept").split(",")]
    if not any(part.strip().partition(";")[0] in ACCEPTED for part in wanted):
        raise NotAcceptable(_("This server speaks {media}.").format(media=MEDIA))
    sent = request.header("content-type").partition(";")[0].strip().lower()
    form = request.segments[-1:] == ("_search",) and sent == "application/x-www-form-urlencoded"
    if request.body and sent not in UNDERSTOOD and not form:
        raise UnknownMedia(_("Send {media}.").format(media=MEDIA))
    if request.header("content-encoding") not in ("", "identity"):
        raise UnknownMedia(_("Send the body without compression."))


def version_in(etag: str) -> int | None:
    """The version that If-Match or If-None-Match names; raises Malformed."""
    if not etag:
        return None
    match = ETAG(etag.strip())
    if match is None:
        raise Malformed(_('A version is named like this: W/"3".'), path="If-Match")
    return int(match[1])


def stamps(version: int, updated: datetime) -> list[tuple[str, str]]:
    return [("ETag", f'W/"{version}"'), ("Last-Modified", http_date(updated.timestamp()))]


def refusal(error: Exception) -> Answer:
    """An error as its status and OperationOutcome."""
    status, outcome = outcomes.render(error)
    found = Answer(status, text.encode(outcome))
    if getattr(error, "kind", None) == Kind.UNAUTHENTICATED:
        found.headers.append(("WWW-Authenticate", 'Bearer realm="telemed"'))
    if status == 503:
        found.headers.append(("Retry-After", "5"))
    return found
