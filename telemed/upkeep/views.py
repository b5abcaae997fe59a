"""The platform's own work, for who runs it."""

from uuid import UUID

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.upkeep import presenting, services


@login_required
@require_safe
def work(request: SignedIn) -> HttpResponse:
    with intention(request.user, door="web"):
        found = services.open_work(actor=request.user)
    return render(request, "upkeep/work.html", {"work": found, "hour": presenting.draw(found)})


@login_required
@require_POST
def replay_event(request: SignedIn, event_id: int) -> HttpResponse:
    with intention(request.user, door="web"):
        services.replay_event(actor=request.user, event_id=event_id)
    return _again(request)


@login_required
@require_POST
def discard_event(request: SignedIn, event_id: int) -> HttpResponse:
    with intention(request.user, door="web"):
        services.discard_event(
            actor=request.user, event_id=event_id, reason=request.POST.get("reason", "")
        )
    return _discarded(request)


@login_required
@require_POST
def replay_clock(request: SignedIn, clock_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.replay_clock(actor=request.user, clock_id=clock_id)
    return _again(request)


@login_required
@require_POST
def discard_clock(request: SignedIn, clock_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.discard_clock(
            actor=request.user, clock_id=clock_id, reason=request.POST.get("reason", "")
        )
    return _discarded(request)


def _again(request: SignedIn) -> HttpResponse:
    toasts.success(request, _("It is tried again now."))
    return redirect("upkeep:work")


def _discarded(request: SignedIn) -> HttpResponse:
    toasts.success(request, _("Discarded; the reason is in the audit trail."))
    return redirect("upkeep:work")
