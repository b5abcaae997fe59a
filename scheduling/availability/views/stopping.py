"""Stopping what a doctor holds on some days, as one; and what is to be stopped."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scheduling.availability import services
from scheduling.availability.forms import DoctorForm, read, read_stops
from scheduling.availability.permissions import may_keep, may_see_to_stop
from scheduling.availability.rules import stop_undo
from scheduling.availability.stop_plans import doctors_ahead, plan_stop, stopped_together
from scheduling.availability.to_stop import sessions_to_stop
from scheduling.availability.views.sessions import reasons
from scheduling.availability.views.weeks import not_yours
from telemed.core import moments
from telemed.core.doors import form_at
from telemed.core.errors import Invalid, NotFound, require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

USUAL, LONGEST = timedelta(days=6), timedelta(days=31)


@login_required
@require_safe
def to_stop(request: SignedIn) -> HttpResponse:
    """Whose sessions take nobody any more, and where they are stopped."""
    require(may_see_to_stop(request.user), not_yours())
    with intention(request.user, door="web"):
        groups = sessions_to_stop(request.user.organisation_id)
    context = {
        "groups": groups,
        "taken": sum(group.taken for group in groups),
        "keeps": may_keep(request.user),
    }
    return render(request, "sessions/to_stop.html", context)


@login_required
@require_POST
@form_at("sessions:session")
def open_again(request: SignedIn, session_id: UUID) -> HttpResponse:
    """The doctor may see people again, and nothing said so by itself."""
    with intention(request.user, door="web"):
        services.open_again(actor=request.user, session_id=session_id)
    messages.success(request, _("Open for booking."))
    return redirect("sessions:session", session_id)


@login_required
@require_http_methods(["GET", "POST"])
def stop_doctor(request: SignedIn) -> HttpResponse:
    """Doctor and days; who is affected and what is offered; then all of it in one go."""
    require(may_keep(request.user), not_yours())
    if request.method == "POST":
        wanted, reason = read_stops(request.POST)
        with intention(request.user, door="web"):
            together = services.stop_sessions(actor=request.user, wanted=wanted, reason=reason)
        return redirect("sessions:stopped", together)
    asked = read(DoctorForm(request.GET)).cleaned_data
    first, last = _days(asked["first"], asked["last"])
    with intention(request.user, door="web"):
        doctors = doctors_ahead(request.user.organisation_id)
        doctor = next((one for one in doctors if one.pk == asked["doctor"]), None)
        planned = plan_stop(request.user.organisation_id, doctor, first, last) if doctor else []
    people = sum(len(one.booked) for one in planned)
    context = {
        "doctors": doctors,
        "doctor": doctor,
        "first": first,
        "last": last,
        "today": timezone.localdate(),
        "planned": planned,
        "people": people,
        "reasons": reasons(),
        "undo": stop_undo(request.user.organisation_id),
    }
    return render(request, "sessions/stop_doctor.html", context)


@login_required
@require_safe
def stopped(request: SignedIn, together: UUID) -> HttpResponse:
    """What was stopped as one: each with who is affected, and the way back while there is one."""
    require(may_keep(request.user), not_yours())
    with intention(request.user, door="web"):
        stops = stopped_together(request.user.organisation_id, together)
    if not stops:
        raise NotFound(_("Not found, or not yours to know of."))
    standing = [one for one in stops if one.undone_at is None]
    context = {
        "stops": stops,
        "standing": standing,
        "together": together,
        "final": standing[0] if standing and moments.now() < standing[0].final_at else None,
    }
    return render(request, "sessions/stopped.html", context)


@login_required
@require_POST
@form_at("sessions:stopped")
def restore_all(request: SignedIn, together: UUID) -> HttpResponse:
    require(may_keep(request.user), not_yours())
    with intention(request.user, door="web"):
        back = services.restore_sessions(actor=request.user, together=together)
    said = ngettext(
        "{n} session is held after all; everybody keeps place and number.",
        "{n} sessions are held after all; everybody keeps place and number.",
        len(back),
    )
    messages.success(request, said.format(n=len(back)))
    return redirect("sessions:stopped", together)


def _days(first: date | None, last: date | None) -> tuple[date, date]:
    today = timezone.localdate()
    begin = max(first or today, today)
    end = last or begin + USUAL
    if end < begin:
        raise Invalid(_("The last day is before the first."), path="last")
    if end - begin > LONGEST:
        sentence = _("At most {n} days in one go.")
        raise Invalid(sentence.format(n=LONGEST.days), path="last")
    return begin, end
