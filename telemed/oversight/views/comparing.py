"""Before and after a day."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from telemed.core.intentions import intention
from telemed.organisations.models import Specialty
from telemed.oversight.forms import SPANS, day_of, span_of, wanted_of
from telemed.oversight.indicators import FEWEST, urgencies
from telemed.oversight.places import find_spot
from telemed.oversight.presenting.choices import choices
from telemed.oversight.presenting.comparisons import make_lines
from telemed.oversight.queries.comparisons import compare as find_comparison
from telemed.oversight.views.figures import TIMEOUT
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def compare(request: SignedIn) -> HttpResponse:
    """/oversight/compare/?date=…&days=…&place=…&specialty=…&urgency=…&side=…"""
    data = request.GET.dict()
    wanted = wanted_of(data)
    day, days = day_of(data.get("date", "").strip()), span_of(data.get("days", "").strip())
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        spot = find_spot(request.user, wanted.place, wanted.institution)
        found = find_comparison(request.user, wanted, day, days) if day else None
    context = {
        "wanted": wanted,
        "name": spot.here.name,
        "found": found,
        "lines": make_lines(found) if found else [],
        "spans": [(span, span == days) for span in SPANS],
        "specialties": choices(_("All specialties"), Specialty.choices, wanted.specialty),
        "urgencies": choices(_("All urgencies"), urgencies().items(), wanted.urgency),
        "today": timezone.localdate(),
        "few": FEWEST,
    }
    return render(request, "oversight/compare.html", context)
