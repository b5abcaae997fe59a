"""Events that could not be delivered, for who runs the platform; and a demo's sent messages."""

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from telemed.core.intentions import intention
from telemed.notifications import services, tracing
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def events(request: SignedIn) -> HttpResponse:
    with intention(request.user, door="web"):
        found = services.list_dead_events(actor=request.user)
    return render(request, "notifications/events.html", {"events": found})


@login_required
@require_POST
def replay(request: SignedIn, event_id: int) -> HttpResponse:
    with intention(request.user, door="web"):
        services.replay_event(actor=request.user, event_id=event_id)
    toasts.success(request, _("It is tried again now."))
    return redirect("notifications:events")


@login_required
@require_POST
def discard(request: SignedIn, event_id: int) -> HttpResponse:
    with intention(request.user, door="web"):
        services.discard_event(
            actor=request.user, event_id=event_id, reason=request.POST.get("reason", "")
        )
    toasts.success(request, _("Discarded; the reason is in the audit trail."))
    return redirect("notifications:events")


@login_required
@require_safe
def sent(request: SignedIn) -> HttpResponse:
    """What would have reached a phone or a mailbox. In a demonstration only."""
    with intention(request.user, door="web"):
        found = tracing.sent_messages()
    return render(request, "notifications/sent.html", {"sent": found})
