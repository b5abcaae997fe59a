"""The pages on which a visit is booked: by a resident, or by a doctor for a patient."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from records.mpi.models import Patient
from scheduling.appointments import acts, calendars, devices, gates, queries, services, waitlist
from scheduling.appointments.forms import DayForm, FindForm, HoldForm, TimesForm
from scheduling.appointments.models import Status
from scheduling.appointments.permissions import CLERKS, may_see_visit, pools_of
from scheduling.appointments.phone_tickets import facts_of
from scheduling.appointments.presenting import (
    acts_on,
    first_of,
    first_open,
    full_day,
    in_person_instead,
    lay_out_times,
    plans_for,
    returning,
    standing_for_move,
    ticket_of,
)
from scheduling.appointments.trip_lines import gone_together, grouped, may_extend, trip_of
from scheduling.appointments.trip_proposals import examinations_at
from scheduling.appointments.views.showing import (
    code_for,
    division_of,
    person_of,
    show,
    trip_query,
    wanted_of,
)
from scheduling.availability.queries import get_department
from scheduling.availability.searching import days_of, find_departments, first_free_day
from telemed.core.errors import NotFound
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

ACTS = {
    "check-in": services.check_in,
    "undo-check-in": services.undo_check_in,
    "call": services.call,
    "call-again": services.call_again,
    "skip": services.skip,
    "begin": services.begin,
    "fulfil": services.fulfil,
    "ring": services.ring,
}


@login_required
@require_safe
def find(request: SignedIn) -> HttpResponse:
    """Where there is somebody free, near first; one's next visit above it."""
    form = FindForm(request.GET)
    form.is_valid()  # what cannot be looked for is looked for nowhere
    text = form.cleaned_data.get("q", "")
    nearest = form.cleaned_data.get("by") == "km"
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        found = _departments(request, patient, text, nearest=nearest) if patient else []
        coming = queries.coming_of([patient]) if patient else []
        offers = waitlist.offers_to([patient]) if patient else []
    with_next = sum(one.trip_id == coming[0].trip_id for one in coming[1:]) if coming else 0
    with_next = with_next if coming and coming[0].trip_id else 0
    context = {"offers": offers, "with_next": with_next} | {
        "form": form,
        "text": text,
        "nearest": nearest,
        "measured": any(getattr(one, "km", None) is not None for one in found),
        "found": found,
        "coming": coming,
    }
    return show(request, "appointments/find", patient, people, **context)


@login_required
@require_safe
def times(request: SignedIn, department_id: UUID) -> HttpResponse:
    """The days of a department, and the periods of one day by doctor."""
    form = TimesForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        department = get_department(department_id)
        pools = pools_of(request.user, department.organisation, patient)
        doctor = wanted.get("doctor")
        days = days_of(department, pools, doctor)
        day = wanted.get("day") or first_free_day(days)
        moving = _moving(request, wanted.get("move"))
        rows = lay_out_times(department, day, pools, doctor, patient, moving) if day else []
        examinations = [] if moving else examinations_at(department.organisation_id)
        instead = in_person_instead(rows, department, pools)
        full = full_day(rows, department, pools, patient)
        coming_back = returning(rows)
        notice = gates.notice_of(department.organisation_id)
        noted = standing_for_move(request.user, moving) if moving else None
    context = {
        "noted": noted,
        "department": department,
        "days": days,
        "day": day,
        "rows": rows,
        "first": first_open(rows),
        "moving": moving,
    }
    context |= {"returning": coming_back}
    context |= {"full": full, "instead": instead, "notice": notice, "examinations": examinations}
    if patient and examinations and any(not row.examination for row in rows):
        context["trip"] = trip_query(request, patient, doctor)
    return show(request, "appointments/times", patient, people, doctor=doctor, **context)


@login_required
@require_POST
def hold(request: SignedIn) -> HttpResponse:
    """A place kept for some minutes; for a move, the new place at once."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        return redirect("booking:find")
    sent, word = form.cleaned_data, devices.word_of(request)
    with intention(request.user, door="web"):
        patient = services.person_to_book_for(actor=request.user, wanted=wanted_of(request))
        if sent["move"]:
            moved = services.move(
                actor=request.user, appointment_id=sent["move"], period_id=sent["period"]
            )
        elif patient:
            services.hold(
                actor=request.user,
                patient=patient,
                period_id=sent["period"],
                device=devices.hashed(word),
            )
    if sent["move"]:
        messages.success(request, _("Moved."))
        return redirect("booking:ticket", moved.pk)
    return devices.remember(redirect("booking:held"), word)


@login_required
@require_safe
def day(request: SignedIn) -> HttpResponse:
    """Who comes on a day: a doctor's own list, or the desk's with a field for the next card."""
    form = DayForm(request.GET)
    wanted = (form.cleaned_data["day"] if form.is_valid() else None) or timezone.localdate()
    with intention(request.user, door="web"):
        rows = services.open_day(actor=request.user, day=wanted)
        line = waitlist.waiting_on(request.user, wanted)
    clinical = request.user.is_clinical
    context = {
        "day": wanted,
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1),
        "line": line,
        "rows": [
            (
                row,
                acts_on(request.user, row),
                acts.ways(request.user, row),
                clinical and queries.is_readable(row),
            )
            for row in rows
        ],
        "waiting": sum(row.status in (Status.ARRIVED, Status.CALLED) for row in rows),
        "clerk": request.user.role in CLERKS,
        "next": first_of(request.user, rows) if wanted == timezone.localdate() else None,
    }
    return show(request, "appointments/day", None, [], **context)


@login_required
@require_POST
def act(request: SignedIn, appointment_id: UUID, act: str) -> HttpResponse:
    """Checking in, calling, beginning and ending a visit, from the list of the day."""
    service = ACTS.get(act)
    if service is None:
        raise NotFound(_("Not found, or not yours to know of."))
    with intention(request.user, door="web"):
        appointment = service(actor=request.user, appointment_id=appointment_id)
    return redirect(f"{reverse('booking:day')}?day={appointment.day}#a-{appointment.pk}")


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """What is ahead and what is over."""
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        chosen = [patient] if patient else []
        context = {
            "coming": grouped(request.user, queries.coming_of(chosen)) if chosen else [],
            "waits": waitlist.waits_of(chosen) if chosen else [],
            "earlier": queries.earlier_of(chosen) if chosen else [],
        }
    return show(request, "appointments/mine", patient, people, **context)


@login_required
@require_safe
def ticket(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """Number, time, place, what to bring; moving and cancelling with what they mean."""
    with intention(request.user, door="web"):
        appointment = services.open_appointment(actor=request.user, appointment_id=appointment_id)
        if appointment.waits_in_line:
            return redirect("booking:waiting", appointment_id)
        code = code_for(request, appointment)
        context = {
            "appointment": appointment,
            "shown": ticket_of(request.user, appointment),
            "code": code,
            "facts": facts_of(appointment, code),
            "further": acts.shown(request.user, appointment),
            "trip": trip_of(request.user, appointment),
            "gone_together": gone_together(request.user, appointment),
            "extendable": may_extend(request.user, appointment),
            "record": request.user.is_clinical
            and may_see_visit(request.user, appointment)
            and queries.is_readable(appointment),
            "off": plans_for(request.user, appointment),
        }
    return show(request, "appointments/ticket", appointment.patient, [], **context)


@login_required
@require_safe
def calendar(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """For the phone's own calendar."""
    with intention(request.user, door="web"):
        appointment = services.open_appointment(actor=request.user, appointment_id=appointment_id)
        text = calendars.to_ics(queries.stops_of(request.user, appointment) or [appointment])
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return answer


@login_required
@require_POST
def cancel(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.cancel(actor=request.user, appointment_id=appointment_id)
    return redirect("booking:ticket", appointment_id)


@login_required
@require_POST
def rebook(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """The clinic stopped, and the place that was kept is taken."""
    with intention(request.user, door="web"):
        services.rebook(actor=request.user, appointment_id=appointment_id)
    messages.success(request, _("Moved."))
    return redirect("booking:ticket", appointment_id)


@login_required
@require_POST
def undo(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.undo_cancel(actor=request.user, appointment_id=appointment_id)
    messages.success(request, _("The booking stands again."))
    return redirect("booking:ticket", appointment_id)


def _departments(request: SignedIn, patient: Patient, text: str, *, nearest: bool) -> list[Any]:
    """A desk books at its own hospital; everybody else anywhere, near first."""
    own = request.user.organisation if request.user.role in CLERKS else None
    pools = pools_of(request.user, own, patient)
    here = own.pk if own else None
    place = division_of(request.user, patient)
    return find_departments(text, place, pools, organisation_id=here, nearest=nearest)


def _moving(request: SignedIn, appointment_id: UUID | None) -> Any:
    if appointment_id is None:
        return None
    return queries.get_appointment(request.user, appointment_id)
