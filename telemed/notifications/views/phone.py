"""Whom somebody must phone."""

from uuid import UUID

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from telemed.core.intentions import intention
from telemed.notifications import queries, services
from telemed.notifications.models import Call, State
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def phone_list(request: SignedIn) -> HttpResponse:
    """What is pressing first; the page follows by itself."""
    with intention(request.user, door="web"):
        items = queries.phone_list(request.user)
        done = queries.phoned_lately(request.user)
    context = {"items": items, "done": done, "results": Call.Result.choices, "tries": Call.TRIES}
    part = request.GET.get("part") == "list"
    return render(request, f"notifications/{'_phone' if part else 'phone'}.html", context)


@login_required
@require_safe
def paper(request: SignedIn) -> HttpResponse:
    """The same on paper, for a desk without a line."""
    with intention(request.user, door="web"):
        items = queries.phone_list(request.user)
    context = {"items": items, "at": timezone.now()}
    return render(request, "notifications/phone_paper.html", context)


@login_required
@require_POST
def call(request: SignedIn, pk: UUID) -> HttpResponse:
    """How the call went."""
    with intention(request.user, door="web"):
        delivery = services.record_call(
            actor=request.user,
            delivery_id=pk,
            result=request.POST.get("result", ""),
            spoke_with=request.POST.get("spoke_with", ""),
        )
    said = {
        State.CALLED: _("Written down: they know."),
        State.UNREACHABLE: _("Written down: three calls in vain. It is off the list."),
    }
    toasts.success(
        request, said.get(State(delivery.state), _("Written down. It stays on the list."))
    )
    return redirect("notifications:phone")
