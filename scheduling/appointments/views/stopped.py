"""Whom a stop displaced stays with the doctor; the desk calls off, and says whom it has rung."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from scheduling.appointments import queries, services
from scheduling.appointments.models import Status
from scheduling.availability.forms import StopForm, read
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.notifications.models import State
from telemed.people.sessions import SignedIn


@login_required
@require_POST
def stay(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """With the same doctor: the kept place where it is with them, else first in line."""
    with intention(request.user, door="web"):
        found = services.stay(actor=request.user, appointment_id=appointment_id)
    said = {
        Status.BOOKED: _("Moved."),
        Status.DISPLACED: _("First in line: booked as soon as there is a place, and told then."),
    }
    messages.success(request, said[Status(found.status)])
    return redirect("booking:ticket", appointment_id)


@login_required
@require_POST
@form_at("booking:ticket")
def call_off(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """The hospital cannot see them: why, and what they are offered."""
    with intention(request.user, door="web"):
        queries.get_appointment(request.user, appointment_id)  # hidden before anything else is said
        form = read(StopForm(request.POST))
        gone = services.call_off_at_desk(
            actor=request.user, appointment_id=appointment_id, **form.chosen()
        )
    said = {
        Status.CANCELLED: _("Cancelled by the hospital; nothing counts against them."),
        Status.DISPLACED: _("They are told and choose; nothing counts against them."),
    }
    messages.success(request, said[Status(gone.status)])
    return redirect("booking:ticket", appointment_id)


@login_required
@require_POST
def phoned(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """How the call went."""
    with intention(request.user, door="web"):
        call = services.note_phoned(
            actor=request.user,
            appointment_id=appointment_id,
            result=request.POST.get("result", ""),
            spoke_with=request.POST.get("spoke_with", ""),
        )
        appointment = queries.get_appointment(request.user, appointment_id)
    said = {
        State.CALLED: _("Written down: they know. Enter what they choose."),
        State.UNREACHABLE: _("Written down: three calls in vain."),
    }
    messages.success(request, said.get(State(call.state), _("Written down. Try again later.")))
    return redirect("sessions:session", appointment.period.session_id)
