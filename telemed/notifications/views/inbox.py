"""The inbox."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from telemed.core.errors import Malformed
from telemed.core.intentions import intention
from telemed.notifications import queries, services
from telemed.people.sessions import SignedIn

PAGE = 20
READ = "notifications.read"  # in the session: the moment that can be taken back


@login_required
@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    """By subject, what is unread first; `?show=` unread or urgent, `?page=` from 0."""
    show, page = request.GET.get("show", ""), request.GET.get("page", "")
    with intention(request.user, door="web"):
        subjects = queries.inbox(request.user, show=show, page=page, limit=PAGE)
    number = int(page or 0)
    context = {
        "subjects": subjects[:PAGE],
        "show": show,
        "older": number + 1 if len(subjects) > PAGE else None,
        "first": number == 0,
        "taken_back": request.session.pop(READ, ""),
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@require_POST
def follow(request: SignedIn, pk: UUID) -> HttpResponse:
    """Open what a message is about; that settles it."""
    with intention(request.user, door="web"):
        note = queries.get_notification(request.user, pk)
        services.mark_read(actor=request.user, pk=pk)
    return redirect(note.url or "notifications:inbox")


@login_required
@require_POST
def read(request: SignedIn, about: UUID) -> HttpResponse:
    """All about one thing is read, without opening it."""
    return _marked(request, about=about)


@login_required
@require_POST
def read_all(request: SignedIn) -> HttpResponse:
    return _marked(request)


def _marked(request: SignedIn, about: UUID | None = None) -> HttpResponse:
    with intention(request.user, door="web"):
        marked_at = services.mark_read(actor=request.user, about=about)
    if marked_at:
        request.session[READ] = marked_at.isoformat()
    return redirect("notifications:inbox")


@login_required
@require_POST
def take_back(request: SignedIn) -> HttpResponse:
    """What was marked a moment ago waits again."""
    moment = _moment(request.POST.get("moment", ""))
    with intention(request.user, door="web"):
        services.mark_unread(actor=request.user, read_at=moment)
    return redirect("notifications:inbox")


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Malformed(_("That is no moment."), path="moment")
    return moment


@login_required
@require_safe
def link(request: SignedIn, link: str) -> HttpResponse:
    """The address in an SMS or e-mail: signs nobody in, and leads to the subject once."""
    with intention(request.user, door="web"):
        note = services.follow_link(actor=request.user, link=link)
    return redirect(note.url or "notifications:inbox")
