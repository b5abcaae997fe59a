"""Many people at once: choose the file, look at the mistakes, store."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from telemed.audit import refusals
from telemed.core import bringing, policies, tables
from telemed.core.errors import DomainError, require
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn
from telemed.staff import links, queries, rules, services, sheet

SHOWN = 200  # mistakes on the page; the file has all


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: SignedIn) -> HttpResponse:
    require(request.user.role == Role.ADMINISTRATOR, _("Administrators bring people in."))
    error: DomainError | None = None
    if request.method == "POST":
        try:
            upload_id = _keep(request)
            return redirect("staff:upload", upload_id)
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="staff:import", error=refused)
    context = {"error": error, "columns": _headings()}
    return render(request, "staff/import.html", context, status=422 if error else 200)


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return _file("telemed-staff.csv", tables.write(_headings(), [sheet.EXAMPLE]))


@login_required
@require_http_methods(["GET", "POST"])
def look(request: SignedIn, upload_id: UUID) -> HttpResponse:
    """Every mistake by row and column; or, once stored, the links to hand over."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            with intention(request.user, door="web", timeout_ms=20_000):
                services.apply_upload(
                    actor=request.user,
                    upload_id=upload_id,
                    only_good=request.POST.get("only_good") == "on",
                )
            messages.success(request, _("Stored."))
            return redirect("staff:upload", upload_id)
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="staff:upload", error=refused)
    with intention(request.user, door="web"):
        upload, seen = services.preview(actor=request.user, upload_id=upload_id)
        invitations = queries.invitations_of(upload)
        days = policies.value(rules.INVITATION).days
    context = {
        "upload": upload,
        "preview": seen,
        "mistakes": seen.mistakes[:SHOWN],
        "new": sum(one.is_new for one in seen.good),
        "invited": [
            (one.user, request.build_absolute_uri(links.path_of(one))) for one in invitations
        ],
        "days": days,
        "error": error,
    }
    return render(request, "staff/upload.html", context, status=422 if error else 200)


@login_required
@require_safe
def bad(request: SignedIn, upload_id: UUID) -> HttpResponse:
    """The rows with mistakes, to be mended and brought again."""
    with intention(request.user, door="web"):
        upload, seen = services.preview(actor=request.user, upload_id=upload_id)
    left = seen.rows if upload.applied_at else seen.bad
    rows = [[*(one.row.values[c.key] for c in sheet.COLUMNS)] for one in left]
    return _file("telemed-staff-bad.csv", tables.write(_headings(), rows))


def _keep(request: SignedIn) -> UUID:
    content = bringing.content_of(request.FILES.get("file"))
    with intention(request.user, door="web"):
        return services.keep_upload(actor=request.user, content=content).pk


def _headings() -> list[str]:
    language = translation.get_language() or "zh-hans"
    return [column.heading(language) for column in sheet.COLUMNS]


def _file(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
