"""The pages of one trip: a doctor and examinations on one day."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from records.mpi.models import Patient
from scheduling.appointments import queries, services
from scheduling.appointments.examinations import is_fasting, is_laboratory
from scheduling.appointments.forms import TakeForm, TripForm, read_stops, read_wish
from scheduling.appointments.models import Appointment, Trip
from scheduling.appointments.presenting import standing_for_trip_move
from scheduling.appointments.trip_lines import line_of
from scheduling.appointments.trip_proposals import (
    Proposal,
    Wish,
    examinations_at,
    find_trips,
)
from scheduling.appointments.views.showing import person_of, show, wanted_of
from scheduling.availability.queries import get_department
from telemed.core.errors import Invalid
from telemed.core.intentions import intention
from telemed.organisations.models import Department
from telemed.people.sessions import SignedIn

pages = require_http_methods(["GET", "HEAD", "POST"])
UNPROCESSABLE = 422


@login_required
@pages
def trip(request: SignedIn, department_id: UUID) -> HttpResponse:
    """Which examinations, the days that fit, and the booking of one of them."""
    if request.method == "POST":
        return _book(request)
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        department = get_department(department_id)
        context = _asked(request, patient, department)
    return _show(request, patient, people, department=department, **context)


@login_required
@pages
def examinations(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """The same around a visit that is booked, on its day."""
    if request.method == "POST":
        return _add(request, appointment_id)
    with intention(request.user, door="web"):
        visit = services.open_extendable(actor=request.user, appointment_id=appointment_id)
        there = [one.examination for one in queries.stops_of(request.user, visit)]
        context = _asked(request, visit.patient, visit.department, visit=visit, besides=there)
    return _show(request, visit.patient, [], department=visit.department, fixed=visit, **context)


@login_required
@pages
def move_trip(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """All of a trip to another day."""
    if request.method == "POST":
        with intention(request.user, door="web"):
            moved = services.move_trip(
                actor=request.user,
                appointment_id=appointment_id,
                period_ids=read_stops(request.POST),
            )
        messages.success(request, _("The whole trip was moved."))
        return redirect("booking:ticket", moved[0].pk)
    with intention(request.user, door="web"):
        stops = services.open_trip(actor=request.user, appointment_id=appointment_id)
        visit = next((one for one in stops if not one.examination), stops[0])
        names = tuple(one.examination for one in stops if one.examination)
        wish = Wish(examinations=names, order=_order_of(visit))
        found = find_trips(request.user, visit.patient, visit.department, wish, moving=stops)
        noted = standing_for_trip_move(request.user, stops)
    context = {
        "noted": noted,
        "found": found,
        "proposals": _lines(found.proposals),
        "moving": stops,
    }
    return _show(request, visit.patient, [], department=visit.department, **context)


@login_required
@require_POST
def cancel_trip(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.cancel_trip(actor=request.user, appointment_id=appointment_id)
    return redirect("booking:ticket", appointment_id)


@login_required
@require_POST
def undo_trip(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.undo_cancel_trip(actor=request.user, appointment_id=appointment_id)
    messages.success(request, _("The whole trip stands again."))
    return redirect("booking:ticket", appointment_id)


def _book(request: SignedIn) -> HttpResponse:
    sent = _sent(request)
    if sent["visit"] is None:
        raise Invalid(_("Choose one of the days."), path="stop")
    with intention(request.user, door="web"):
        patient = services.person_to_book_for(actor=request.user, wanted=wanted_of(request))
        if patient is None:
            return redirect("booking:find")
        stops = services.book_trip(
            actor=request.user,
            patient=patient,
            visit_id=sent["visit"],
            examination_ids=read_stops(request.POST),
            order=sent["order"] or Trip.Order.VISIT_LAST,
        )
    messages.success(request, _("All of it is booked."))
    return redirect("booking:ticket", next(one for one in stops if not one.examination).pk)


def _add(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    sent = _sent(request)
    with intention(request.user, door="web"):
        services.add_examinations(
            actor=request.user,
            appointment_id=appointment_id,
            examination_ids=read_stops(request.POST),
            order=sent["order"] or Trip.Order.VISIT_LAST,
        )
    messages.success(request, _("All of it is booked."))
    return redirect("booking:ticket", appointment_id)


def _sent(request: SignedIn) -> dict[str, Any]:
    form = TakeForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose one of the days."), path="stop")
    return form.cleaned_data


def _asked(
    request: SignedIn,
    patient: Patient | None,
    department: Department,
    *,
    visit: Appointment | None = None,
    besides: Sequence[str] = (),
) -> dict[str, Any]:
    """What can be chosen, what was, and what fits; or what is wrong with it."""
    there = [name for name in examinations_at(department.organisation_id) if name not in besides]
    chosen = request.GET.getlist("x")
    form = TripForm(request.GET)
    context = {
        "form": form,
        "choices": [(one, one in chosen, is_fasting(one), is_laboratory(one)) for one in there],
        "orders": Trip.Order.choices,
        "order": request.GET.get("order") or Trip.Order.VISIT_LAST,
        "asked": "find" in request.GET,
        "doctor": request.GET.get("doctor", ""),
    }
    if not context["asked"] or patient is None:
        return context
    try:
        wish = read_wish(request.GET, there, form)
    except Invalid as refused:
        return context | {"wrong": refused}
    found = find_trips(
        request.user,
        patient,
        department,
        wish,
        doctor=form.cleaned_data["doctor"],
        visit=visit,
    )
    return context | {"found": found, "proposals": _lines(found.proposals), "wish": wish}


def _lines(proposals: Sequence[Proposal]) -> list[tuple[Proposal, Any]]:
    return [(one, line_of(one)) for one in proposals]


def _order_of(visit: Appointment) -> str:
    return visit.trip.order if visit.trip else Trip.Order.VISIT_LAST


def _show(
    request: SignedIn, patient: Patient | None, people: list[Patient], **context: Any
) -> HttpResponse:
    answer = show(request, "appointments/trip", patient, people, **context)
    if "wrong" in context:
        answer.status_code = UNPROCESSABLE
    return answer
