"""Every refusal and failure in words: what happened, what is safe, what to do now."""

import logging
import sys
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from telemed.core.errors import DomainError, Forbidden, Kind
from telemed.core.ids import new_id
from telemed.web import refused

logger = logging.getLogger(__name__)

STATUS = {
    Kind.MALFORMED: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.STALE: 409,
    Kind.GONE: 410,
    Kind.TOO_LARGE: 413,
    Kind.INVALID: 422,
    Kind.UNAVAILABLE: 503,
}


@dataclass(frozen=True)
class Words:
    title: str
    safe: str


def words_of(kind: Kind) -> Words:
    """A finding for the title, and what is safe, in the active language."""
    unchanged = _("Nothing was changed. What you typed is still on the page before.")
    return {
        Kind.MALFORMED: Words(_("We could not read that"), unchanged),
        Kind.INVALID: Words(_("Something needs mending first"), unchanged),
        Kind.TOO_LARGE: Words(_("That is too large"), unchanged),
        Kind.UNAUTHENTICATED: Words(
            _("Please sign in again"), _("Nothing was lost: what was saved is still there.")
        ),
        Kind.FORBIDDEN: Words(
            _("This is not yours to open or do"),
            _("Nothing was opened or changed. The attempt is on record, as every one is."),
        ),
        Kind.NOT_FOUND: Words(
            _("There is nothing here"),
            _("It may have moved, or it is not for your institution to see."),
        ),
        Kind.GONE: Words(_("This was deleted"), _("Its history is kept.")),
        Kind.CONFLICT: Words(_("Things have changed meanwhile"), unchanged),
        Kind.STALE: Words(_("There is a newer version"), unchanged),
        Kind.UNAVAILABLE: Words(_("Not available just now"), unchanged),
    }[kind]


def refuse(request: HttpRequest, error: DomainError, trace_id: UUID) -> HttpResponse:
    """How a DomainError looks: said on the page of the form that was sent, else on its own page."""
    # Messages are translated where they are raised; module-level constants are only marked there.
    text = _(error.message) if error.message else ""
    if not wants_json(request):
        said = text or words_of(error.kind).title
        if back := refused.answer(request, error, said, reference(trace_id)):
            return back
    return _page(request, error.kind, words_of(error.kind), trace_id, text, error.path)


def wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def reference(trace_id: UUID) -> str:
    """7F3A-91C2: short enough for the phone; the end of the trace in the audit trail and logs."""
    tail = trace_id.hex[-8:].upper()
    return f"{tail[:4]}-{tail[4:]}"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, Kind.MALFORMED)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, Kind.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, Kind.NOT_FOUND)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: most often the page stood open over a sign-out."""
    trace_id = new_id()
    logger.warning("Reference %s: CSRF, %s", reference(trace_id), reason)
    again = _(
        "This page stood open too long. Nothing was changed: look it over and send once more."
    )
    stale = Forbidden(again)
    back = refused.answer(request, stale, again, reference(trace_id))
    if back and not wants_json(request):
        return back
    words = Words(
        _("This page stood open too long"),
        _("Nothing was changed. Go back, load the page again and send once more."),
    )
    return _page(request, Kind.FORBIDDEN, words, trace_id)


def server_error(request: HttpRequest) -> HttpResponse:
    """
    Our own failure, or a database that does not answer: then 503, and the same later may go well.

    Rendered without the request: what failed may be what the shell needs. Nobody is asked whether
    it may be kept, for the same reason.
    """
    code = reference(new_id())
    logger.error("Reference %s: %s %s failed", code, request.method, request.path)
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    title = _("Not available just now") if away else _("Something broke on our side")
    if away and wants_json(request):
        failure: HttpResponse = JsonResponse({"kind": Kind.UNAVAILABLE, "text": title, "path": ""})
    else:
        failure = HttpResponse(
            loader.render_to_string(
                "web/failure.html",
                {
                    "title": title,
                    "reference": code,
                    "on_call_phone": settings.ON_CALL_PHONE,
                    "demo_mode": settings.DEMO,
                },
            )
        )
    failure.status_code = STATUS[Kind.UNAVAILABLE] if away else 500
    failure.headers["Cache-Control"] = "private, no-store"
    if away:
        failure.headers["Retry-After"] = "10"
    return failure


def _plain(request: HttpRequest, kind: Kind) -> HttpResponse:
    return _page(request, kind, words_of(kind), new_id())


def _page(
    request: HttpRequest, kind: Kind, words: Words, trace_id: UUID, text: str = "", path: str = ""
) -> HttpResponse:
    """A page; JSON {kind, text, path} for whoever asks for nothing else."""
    if wants_json(request):
        body = {"kind": kind, "text": text or words.title, "path": path}
        return JsonResponse(body, status=STATUS[kind])
    context = {
        "kind": kind,
        "words": words,
        "text": text,
        "reference": reference(trace_id),
        "sign_in": kind is Kind.UNAUTHENTICATED,
        "retry": kind is Kind.UNAVAILABLE and request.method == "GET",
    }
    return render(request, "web/refusal.html", context, status=STATUS[kind])
