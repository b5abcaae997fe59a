"""Weekly templates from a spreadsheet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scheduling.availability import services, sheet
from scheduling.availability.permissions import may_keep
from scheduling.availability.views.weeks import not_yours
from telemed.audit import refusals
from telemed.core import bringing, tables
from telemed.core.errors import DomainError, require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: SignedIn) -> HttpResponse:
    """Mistakes come back by row and column, and nothing is stored."""
    require(may_keep(request.user), not_yours())
    error: DomainError | None = None
    if request.method == "POST":
        try:
            return _stored(request, _bring(request))
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="sessions:import", error=refused)
    mistakes = error.mistakes[:SHOWN] if isinstance(error, bringing.Mistaken) else []
    context = {"error": error, "mistakes": mistakes, "columns": _headings()}
    return render(request, "sessions/import.html", context, status=422 if error else 200)


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    content = tables.write(_headings(), [sheet.EXAMPLE])
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="telemed-sessions.csv"'
    return response


def _bring(request: SignedIn) -> bringing.Brought:
    content = bringing.content_of(request.FILES.get("file"))
    with intention(request.user, door="web", timeout_ms=20_000):
        return services.import_templates(
            actor=request.user, content=content, only_good=request.POST.get("only_good") == "on"
        )


def _stored(request: SignedIn, brought: bringing.Brought) -> HttpResponse:
    sentence = _("{n} templates stored, {known} were there already.")
    messages.success(request, sentence.format(n=brought.stored, known=brought.known))
    if brought.left_out:
        messages.warning(request, brought.left_out)
    return redirect("sessions:templates")


def _headings() -> list[str]:
    language = translation.get_language() or "zh-hans"
    return [column.heading(language) for column in sheet.COLUMNS]
