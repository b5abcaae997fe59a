"""The pages of the waitlist: joining a full day, one's place in the line, answering an offer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scheduling.appointments import services, waitlist
from scheduling.appointments.forms import GradeForm, TimesForm
from scheduling.appointments.presenting import line_of
from scheduling.appointments.views.showing import person_of, show
from telemed.core.errors import Invalid, NotFound
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

ANSWERS = {"accept": services.accept, "decline": services.decline, "leave": services.leave}


@login_required
@require_POST
def join(request: SignedIn, department_id: UUID) -> HttpResponse:
    """Beside the next free times of a full day."""
    form = TimesForm(request.POST)
    day = form.cleaned_data["day"] if form.is_valid() else None
    with intention(request.user, door="web"):
        patient, _people = person_of(request)
        if day is None:
            raise Invalid(_("Choose a day."), path="day")
        if patient is None:
            raise Invalid(_("Open the patient first."), path="for")
        entry = services.join(
            actor=request.user,
            patient=patient,
            department_id=department_id,
            day=day,
            clinician_id=form.cleaned_data["doctor"],
        )
    return redirect("booking:waiting", entry.pk)


@login_required
@require_safe
def entry(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """The offer with its timer; or the place in the line, and why it is that one."""
    with intention(request.user, door="web"):
        found = services.open_appointment(actor=request.user, appointment_id=appointment_id)
        if not found.waits_in_line:
            return redirect("booking:ticket", appointment_id)
        line = line_of(request.user, found)
        may = waitlist.may_answer(request.user, found)
    return show(
        request, "appointments/waiting", found.patient, [], appointment=found, line=line, may=may
    )


@login_required
@require_POST
def answer(request: SignedIn, appointment_id: UUID, answer: str) -> HttpResponse:
    """Taking the place, letting it go, or leaving the list."""
    service = ANSWERS.get(answer)
    if service is None:
        raise NotFound(_("Not found, or not yours to know of."))
    with intention(request.user, door="web"):
        found = service(actor=request.user, appointment_id=appointment_id)
    if answer == "decline":
        messages.success(request, _("The place goes to the next one; you stay on the list."))
    if answer == "leave":
        messages.success(request, _("You are off the list."))
        return redirect(reverse("booking:find"))
    return redirect("booking:waiting", found.pk)


@login_required
@require_POST
def grade(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """How soon a doctor thinks it should be."""
    form = GradeForm(request.POST)
    wanted = form.cleaned_data["grade"] if form.is_valid() else -1
    with intention(request.user, door="web"):
        services.grade(actor=request.user, appointment_id=appointment_id, grade=wanted)
    messages.success(request, _("Noted; the line is in this order now."))
    return redirect("booking:waiting", appointment_id)
