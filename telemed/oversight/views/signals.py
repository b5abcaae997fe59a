"""Risk signals: why each was raised, what lies behind it, and what was decided."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.oversight import permissions, services
from telemed.oversight.forms import state_of
from telemed.oversight.models import Cause
from telemed.oversight.presenting.signals import make_lines
from telemed.oversight.queries import signals
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def signal_list(request: SignedIn) -> HttpResponse:
    """/oversight/signals/?state=open|explained|decided|closed&after=…"""
    state = state_of(request.GET.get("state", ""))
    actor = request.user
    with intention(actor, door="web"):
        require(permissions.sees_signals(actor), _("Your role here does not see this list."))
        page = signals.list_signals(actor, state=state, after=request.GET.get("after", ""))
        lines = make_lines(page.signals, actor)
    context = {"page": page, "lines": lines, "state": state, "causes": Cause.choices}
    return render(request, "oversight/signals.html", context)


@login_required
@require_POST
def ask(request: SignedIn, signal_id: UUID) -> HttpResponse:
    said = _("The institution was asked.")
    return _do(request, services.ask_institution, signal_id, said)


@login_required
@require_POST
def explain(request: SignedIn, signal_id: UUID) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("cause", "text")}
    said = _("Explained. You may take it back until it is decided.")
    return _do(request, services.explain_signal, signal_id, said, **given)


@login_required
@require_POST
def take_back(request: SignedIn, signal_id: UUID) -> HttpResponse:
    said = _("Taken back. The signal waits for an explanation again.")
    return _do(request, services.take_back_explanation, signal_id, said)


@login_required
@require_POST
def decide(request: SignedIn, signal_id: UUID) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("decision", "reason")}
    return _do(request, services.decide_signal, signal_id, _("Decided."), **given)


@login_required
@require_POST
def close(request: SignedIn, signal_id: UUID) -> HttpResponse:
    measure = request.POST.get("measure", "")
    return _do(request, services.close_signal, signal_id, _("Closed."), measure=measure)


def _do(
    request: SignedIn, act: Callable[..., Any], signal_id: UUID, said: str, **given: str
) -> HttpResponse:
    with intention(request.user, door="web"):
        act(actor=request.user, signal_id=signal_id, **given)
    messages.success(request, said)
    return redirect(f"{reverse('oversight:signals')}#s-{signal_id}")
