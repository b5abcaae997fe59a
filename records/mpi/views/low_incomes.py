"""The low-income register of a county: counts by kind, the lists that made it, and a new list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from records.mpi import forms, low_income_sheet, low_incomes, services
from records.mpi.models import Register
from telemed.audit import refusals
from telemed.core import bringing, tables
from telemed.core.errors import DomainError, Forbidden, NotFound
from telemed.core.intentions import intention
from telemed.people.door.bringing import PATIENCE, SHOWN
from telemed.people.sessions import SignedIn


@login_required
@require_http_methods(["GET", "POST"])
def home(request: SignedIn) -> HttpResponse:
    """?county=…&register=…; mistakes come back by row, and nothing is stored."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            return _bring(request)
        except (Forbidden, NotFound):
            raise
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="low_income:home", error=refused)
    sent = request.POST if request.method == "POST" else request.GET
    today = timezone.localdate()
    register = forms.read_register(sent)
    with intention(request.user, door="web"):
        county = services.find_county(actor=request.user, code=forms.read_county(sent))
        context = {
            "county": county,
            "counties": list(low_incomes.counties_of(request.user)),
            "holding": low_incomes.holding(county, today, register),
            "lists": low_incomes.history_of(county, register),
        }
    mistakes = error.mistakes if isinstance(error, bringing.Mistaken) else []
    context |= {
        "error": error,
        "asks_whole": error is not None and error.path == "whole",
        "mistakes": mistakes[:SHOWN],
        "more": max(len(mistakes) - SHOWN, 0),
        "columns": _headings(register),
        "register": register,
        "registers": Register.choices,
        "title": Register(register).label,
        "special": register == Register.SPECIAL,
        "today": today,
        "valid_from": sent.get("valid_from") or today.isoformat(),
        "few": low_incomes.FEW,
    }
    return render(request, "low_income/home.html", context, status=422 if error else 200)


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The sheet to fill in, with one row that shows how."""
    register = forms.read_register(request.GET)
    content = tables.write(_headings(register), [low_income_sheet.example_of(register)])
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = register.replace("_", "-")
    response["Content-Disposition"] = f'attachment; filename="telemed-{name}.csv"'
    return response


def _bring(request: SignedIn) -> HttpResponse:
    valid_from = forms.read_first_day(request.POST)
    content = bringing.content_of(request.FILES.get("file"), low_income_sheet.BYTES)
    with intention(request.user, door="web", timeout_ms=PATIENCE):
        brought = services.bring_low_incomes(
            actor=request.user,
            county_code=forms.read_county(request.POST),
            valid_from=valid_from,
            content=content,
            register=forms.read_register(request.POST),
            whole="whole" in request.POST,
        )
    sentence = _("The list of {county} holds from {day} on.")
    messages.success(request, sentence.format(county=brought.county.name, day=brought.valid_from))
    query = urlencode({"county": brought.county_id, "register": brought.register})
    return redirect(f"{reverse('low_income:home')}?{query}")


def _headings(register: str) -> list[str]:
    """In the reader's language."""
    language = translation.get_language() or "zh-hans"
    return [column.heading(language) for column in low_income_sheet.columns_of(register)]
