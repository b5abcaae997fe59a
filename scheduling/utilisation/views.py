"""The page of a hospital's sessions in use, and its file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from scheduling.utilisation import presenting, queries
from scheduling.utilisation.forms import department_of, week_of
from scheduling.utilisation.queries import Usage
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.web.files import stream_csv

TIMEOUT = 10_000  # ms


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """/utilisation/?from=2026-10-26&department=…: six weeks from that Monday on."""
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        departments = queries.departments_of(request.user)
        usage = _usage(request)
    context = presenting.page(usage, departments, department_of(request.GET))
    return render(request, "utilisation/home.html", context)


@login_required
@require_safe
def csv(request: SignedIn) -> StreamingHttpResponse:
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        departments = queries.departments_of(request.user)
        usage = _usage(request)
    rows = presenting.file_rows(usage, departments)
    return stream_csv(request, f"utilisation-{usage.first:%Y-%m-%d}.csv", rows)


def _usage(request: SignedIn) -> Usage:
    first = week_of(request.GET, presenting.first_week(timezone.localdate()))
    return queries.usage(request.user, first, department_of(request.GET))
