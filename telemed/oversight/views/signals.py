"""Risk signals: why each was raised, and what was found."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.oversight import permissions, services
from telemed.oversight.forms import state_of
from telemed.oversight.presenting.signals import make_lines
from telemed.oversight.queries import signals
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def signal_list(request: SignedIn) -> HttpResponse:
    """/oversight/signals/?state=open|noted&after=…"""
    state = state_of(request.GET.get("state", ""))
    actor = request.user
    with intention(actor, door="web"):
        allowed = permissions.oversees(actor) or permissions.runs(actor)
        require(allowed, _("Your role here does not see this list."))
        page = signals.list_signals(actor, state=state, after=request.GET.get("after", ""))
    context = {"page": page, "lines": make_lines(page.signals), "state": state}
    return render(request, "oversight/signals.html", context)


@login_required
@require_POST
def acknowledge(request: SignedIn, signal_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.note_signal(
            actor=request.user, signal_id=signal_id, note=request.POST.get("note", "")
        )
    messages.success(request, _("Noted. The signal no longer waits."))
    return redirect("oversight:signals")
