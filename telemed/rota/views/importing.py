"""A rota from a spreadsheet."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from telemed.core.errors import require
from telemed.people.door.bringing import Sheet
from telemed.people.sessions import SignedIn
from telemed.rota import services, sheet
from telemed.rota.permissions import may_keep


def _month(request: SignedIn, brought: services.Brought) -> HttpResponse:
    month = min(brought.months)
    return redirect("rota:month", month.year, month.month)


SHEET = Sheet(
    name="rota",
    columns=sheet.COLUMNS,
    example=sheet.EXAMPLE,
    bring=services.import_shifts,
    said=gettext_noop("{n} shifts stored, {known} were there already."),
    onward=_month,
)


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: SignedIn) -> HttpResponse:
    require(may_keep(request.user), _("Coordinators and duty directors keep the rota."))
    return SHEET.answer(request)


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return SHEET.empty()
