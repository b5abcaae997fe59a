"""The audit administrator's page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from telemed.core.intentions import intention
from telemed.oversight import evidence, tracing
from telemed.oversight.forms import asked_of
from telemed.people.sessions import SignedIn

TIMEOUT = 20_000  # ms


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


@login_required
@require_safe
def trace_export(request: SignedIn) -> HttpResponse:
    """What the page shows, with the seal that it stands under."""
    asked = asked_of(request.GET)
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        found = evidence.export_trace(request.user, asked)
    response = HttpResponse(found.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response
