"""The inbox."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from telemed.core.intentions import intention
from telemed.notifications import queries, services
from telemed.people.sessions import SignedIn

PAGE = 30


@login_required
@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    """Newest first, `?before=` the last of the page above."""
    before = request.GET.get("before", "")
    with intention(request.user, door="web"):
        messages = queries.inbox(request.user, before, limit=PAGE + 1)
    context = {"notes": messages[:PAGE], "more": len(messages) > PAGE, "older": bool(before)}
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
def read_all(request: SignedIn) -> HttpResponse:
    with intention(request.user, door="web"):
        services.mark_read(actor=request.user)
    return redirect("notifications:inbox")
