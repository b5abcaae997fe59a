"""
A refused form goes back to its page, with the reason and what was typed: post, redirect, get.

No page is the answer to a POST, so that Back, reload and a restored tab always find one. What was
typed waits in the session, on the server and for this browser alone; nothing of it is in a URL.
"""

import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import NoReverseMatch, reverse

from telemed.core.errors import DomainError, Kind

MARK = "refused"  # in the query of the page, and in the session
SECRET = re.compile(r"csrf|password|(^|_)pin(_|$)")  # never kept
KEPT = 4  # newest refusals; Back finds each of them
LIFE = 30 * 60  # seconds
LIMIT = 800_000  # characters of one form: a drawn signature is in it
SEE_OTHER = 303
HOME = "/"


@dataclass(frozen=True)
class Refusal:
    """What a page says about the form that was sent from it, and holds of it."""

    key: str
    view: str  # e.g. requests:send
    kind: Kind
    text: str
    path: str
    reference: str
    door: str  # the address that refused: of many forms of one view, which one
    typed: dict[str, list[str]]

    def of(self, views: str) -> bool:
        """Whether it was one of these doors ("requests:edit requests:send") that refused."""
        return self.view in views.split()

    def value(self, name: str, default: Any = "") -> Any:
        """What was typed; `default` where the form had no such field."""
        values = self.typed.get(name)
        return values[-1] if values else default

    @property
    def data(self) -> QueryDict:
        """Everything that was typed, as a form takes it."""
        data = QueryDict(mutable=True)
        for name, values in self.typed.items():
            data.setlist(name, values)
        return data


def answer(
    request: HttpRequest, error: DomainError, text: str, reference: str
) -> HttpResponse | None:
    """The way back to the page of the form; None where there is none and a page must do."""
    told = find(request)
    if told and error.kind is Kind.NOT_FOUND and request.path != HOME:
        # The refused act took the page away too (somebody else has the case): told at home.
        return HttpResponseRedirect(f"{HOME}?{urlencode({MARK: told.key})}")
    page = _page_of(request)
    if page is None or request.method != "POST":
        return None
    view = request.resolver_match.view_name if request.resolver_match else ""
    said = {"view": view, "kind": error.kind, "text": text, "path": error.path}
    said["door"] = request.path
    key = _keep(request, {**said, "reference": reference})
    parts = urlsplit(page)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != MARK]
    back = f"{parts.path}?{urlencode([*query, (MARK, key)])}"
    return HttpResponseRedirect(back, status=SEE_OTHER)


def find(request: HttpRequest) -> Refusal | None:
    """What this page has to say about a form that was refused."""
    key = request.GET.get(MARK, "")
    if not key or not hasattr(request, "session"):
        return None
    said = request.session.get(MARK, {}).get(key)
    if said is None or said["at"] < time.time() - LIFE:
        return None
    facts = {name: said[name] for name in ("view", "text", "path", "reference", "typed")}
    facts["door"] = said.get("door", "")  # a session may hold one from before
    return Refusal(key=key, kind=Kind(said["kind"]), **facts)


def _keep(request: HttpRequest, said: dict[str, Any]) -> str:
    typed = {
        name: values for name, values in request.POST.lists() if not SECRET.search(name.lower())
    }
    if sum(len(value) for values in typed.values() for value in values) > LIMIT:
        typed = {}
    key = said["reference"]
    kept = request.session.get(MARK, {}) | {key: {**said, "at": time.time(), "typed": typed}}
    newest = sorted(kept.items(), key=lambda item: item[1]["at"])[-KEPT:]
    request.session[MARK] = dict(newest)
    return key


def _page_of(request: HttpRequest) -> str | None:
    """Said by the view; else our own page that the browser says it came from."""
    match = request.resolver_match
    if match and (name := getattr(match.func, "form_page", None)):
        try:
            return reverse(name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return reverse(name)
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not came_from.path:
        return None
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
