"""The official's figures of a place, never names; and the audit administrator's trace."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from telemed.core.intentions import intention
from telemed.oversight import tracing
from telemed.oversight.forms import asked_of, month_of
from telemed.oversight.indicators import FEWEST
from telemed.oversight.queries import Picture, Shown, picture_for
from telemed.people.sessions import SignedIn

TIMEOUT = 20_000  # ms; a month of the whole province is one statement


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """The month's figures, each with its n and its definition, then the places."""
    return render(request, "oversight/home.html", {"picture": _picture(request), "few": FEWEST})


@login_required
@require_safe
def figures_csv(request: SignedIn) -> HttpResponse:
    """The same figures as a table; what is hidden on the page is hidden here."""
    picture = _picture(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"telemed-{picture.first:%Y-%m}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")  # so that spreadsheets read it as UTF-8
    table = csv.writer(response)
    head = [_("Place"), _("Period")]
    for indicator in picture.indicators:
        head += [f"{indicator.name} ({indicator.unit})", "n"]
    table.writerow(head)
    month = f"{picture.first:%Y-%m}"
    table.writerow([picture.place, month, *_cells([card.month for card in picture.cards])])
    last = _("last 30 days")
    table.writerow([picture.place, last, *_cells([card.days for card in picture.cards])])
    for row in picture.rows:
        table.writerow([row.place, month, *_cells(row.figures)])
    return response


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


def _picture(request: SignedIn) -> Picture:
    day = month_of(request.GET.get("month", ""))
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        return picture_for(request.user, day)


def _cells(figures: list[Shown]) -> list[str]:
    hidden = f"<{FEWEST}"
    return [cell for shown in figures for cell in (shown.text or hidden, shown.n or hidden)]
