"""Figures of a place or an institution, never names."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from telemed.core.intentions import intention
from telemed.oversight.forms import wanted_of
from telemed.oversight.indicators import FEWEST, name_of
from telemed.oversight.presenting.pages import make_picture
from telemed.oversight.presenting.tables import file_rows
from telemed.oversight.queries.cover import find_cover
from telemed.oversight.queries.pictures import find_figures
from telemed.oversight.queries.waiting import count_tasks
from telemed.people.sessions import SignedIn
from telemed.web.files import stream_csv

TIMEOUT = 20_000  # ms; thirteen months of the whole province are one statement


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """/oversight/?month=…&show=…&by=…&place=…&specialty=…&urgency=…&side=…&sort=…&page=…"""
    wanted = wanted_of(request.GET.dict())
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        findings = find_figures(request.user, wanted)
        tasks = count_tasks(request.user, findings.spot)
        cover = find_cover(findings.spot)
    picture = make_picture(findings, wanted)
    context = {"picture": picture, "tasks": tasks, "cover": cover, "few": FEWEST}
    return render(request, "oversight/home.html", context)


@login_required
@require_safe
def figures_csv(request: SignedIn) -> StreamingHttpResponse:
    """The same figures as a table; what is hidden on the page is hidden here."""
    wanted = wanted_of(request.GET.dict())
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        findings = find_figures(request.user, wanted)
        rows = list(file_rows(findings, wanted))
    name = f"telemed-{wanted.family.key}-{name_of(wanted.month)}.csv"
    return stream_csv(request, name, rows)
