"""The audit administrator's page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from telemed.core.intentions import intention
from telemed.oversight import tracing
from telemed.oversight.forms import asked_of
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def trace(request: SignedIn) -> HttpResponse:
    """What was refused, what was opened in an emergency, and whether the chain holds."""
    asked = asked_of(request.GET)
    with intention(request.user, door="web"):
        context = tracing.read_trace(request.user, asked)
    address = request.GET.copy()
    address.pop("before", None)
    return render(
        request,
        "oversight/trace.html",
        context
        | {
            "asked": asked,
            "shown": tracing.SHOWN,
            "periods": tracing.PERIODS,
            "address": address.urlencode(),
        },
    )
