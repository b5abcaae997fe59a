"""The official's pages: figures of a place, never names."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from telemed.core.intentions import intention
from telemed.oversight.forms import month_of
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


def _picture(request: SignedIn) -> Picture:
    day = month_of(request.GET.get("month", ""))
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        return picture_for(request.user, day)


def _cells(figures: list[Shown]) -> list[str]:
    hidden = f"<{FEWEST}"
    return [cell for shown in figures for cell in (shown.text or hidden, shown.n or hidden)]
