"""Weekly templates from a spreadsheet."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from scheduling.availability import services, sheet
from scheduling.availability.permissions import may_keep
from scheduling.availability.views.weeks import not_yours
from telemed.core.errors import require
from telemed.people.door.bringing import Sheet
from telemed.people.sessions import SignedIn

SHEET = Sheet(
    name="sessions",
    columns=sheet.COLUMNS,
    example=sheet.EXAMPLE,
    bring=services.import_templates,
    said=gettext_noop("{n} templates stored, {known} were there already."),
    onward=lambda request, brought: redirect("sessions:templates"),
)


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: SignedIn) -> HttpResponse:
    require(may_keep(request.user), not_yours())
    return SHEET.answer(request)


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return SHEET.empty()
