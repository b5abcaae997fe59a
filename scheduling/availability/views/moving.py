"""A session put elsewhere: by a form, or from the week where it was dragged."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from scheduling.availability import clashes, queries, services
from scheduling.availability.forms import MoveForm, WeekForm, read
from scheduling.availability.landing import landings
from scheduling.availability.models import Session
from scheduling.availability.permissions import keeps
from scheduling.availability.services.locking import kept_elsewhere
from scheduling.availability.services.stopping import not_yours
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

MOVED = "session_moved"  # in the browser's session, until the week has shown it once


@login_required
@require_http_methods(["GET", "POST"])
@form_at("sessions:move")
def move(request: SignedIn, session_id: UUID) -> HttpResponse:
    """Another day or other hours; who is booked stands in the way, and the page says so."""
    with intention(request.user, door="web"):
        shown = queries.get_session(request.user, session_id)
        require(shown.application_id is None, kept_elsewhere(shown))
        require(keeps(request.user, shown), not_yours())
        taken, _places = queries.counts_of([shown.pk]).get(shown.pk, (0, 0))
    if request.method == "POST":
        return _moved(request, shown)
    here = services.place_of(shown)
    context: dict[str, Any] = {
        "session": shown,
        "here": here,
        "taken": taken,
        "today": timezone.localdate(),
    }
    return render(request, "sessions/move.html", context)


@login_required
@require_safe
def where(request: SignedIn, session_id: UUID) -> HttpResponse:
    """What stands in the way in a week, for the hand that drags."""
    with intention(request.user, door="web"):
        shown = queries.get_session(request.user, session_id)
        require(keeps(request.user, shown), not_yours())
        days = landings(shown, read(WeekForm(request.GET)).cleaned_data["monday"])
    return JsonResponse({"days": days})


def _moved(request: SignedIn, shown: Session) -> HttpResponse:
    """To the week in which it is now, where one tap takes it back."""
    form = read(MoveForm(request.POST))
    was, here = clashes.when(shown), services.place_of(shown)
    with intention(request.user, door="web"):
        moved = services.move_session(
            actor=request.user,
            session_id=shown.pk,
            to=form.to,
            seen=form.seen,
            though_closed=form.cleaned_data["though_closed"],
        )
    year, number, _weekday = moved.day.isocalendar()
    if request.POST.get("back"):
        messages.success(request, _("Back where it was: {when}.").format(when=clashes.when(moved)))
    elif here != form.to:
        request.session[MOVED] = {
            "session": str(moved.pk),
            "who": str(moved.clinician or moved.department.name),
            "was": was,
            "is": clashes.when(moved),
            "back": _plain(here),
            "seen": _plain(form.to),
        }
    return redirect("sessions:week", year, number)


def _plain(place: services.Place) -> dict[str, str]:
    hours = {"starts": f"{place.starts:%H:%M}", "ends": f"{place.ends:%H:%M}"}
    return {"day": place.day.isoformat(), **hours}
