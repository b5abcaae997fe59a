"""The desk on the day: what its field reads, and who was scanned."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from scheduling.appointments import codes, services
from scheduling.appointments.forms import read_booking
from scheduling.appointments.models import Appointment
from scheduling.appointments.views.showing import person_of, show
from telemed.core.doors import form_at
from telemed.core.errors import NotFound
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_POST
def person(request: SignedIn) -> HttpResponse:
    """A ticket's code, or whose card is on the desk; a number goes no further than this."""
    number = request.POST.get("number", "")
    if code := codes.find_code(number):
        with intention(request.user, door="web"):
            services.read_code(actor=request.user, text=code)
        return redirect("booking:arrival", code)
    with intention(request.user, door="web"):
        found = services.find_person(actor=request.user, number=number)
        key = services.key_of(request.user, found)
        comes = services.todays_of(actor=request.user, patient=found)
    page = reverse("booking:here" if comes else "booking:find")
    return redirect(f"{page}?{urlencode({'for': key})}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: SignedIn) -> HttpResponse:
    """Whose card it is, and what they have today: Enter checks in where it is one thing."""
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        if patient is None:
            raise NotFound(_("Not found, or not yours to know of."))
        if request.method == "POST":
            arrived = services.check_in_person(
                actor=request.user, patient=patient, appointment_id=read_booking(request.POST)
            )
            messages.success(request, _words(arrived))
            return redirect("booking:day")
        rows = services.todays_of(actor=request.user, patient=patient)
    ready = [row for row in rows if not row.why_not]
    return show(
        request,
        "appointments/here",
        patient,
        people,
        "booking:day",
        rows=rows,
        one=ready[0] if len(ready) == 1 else None,
    )


@login_required
@form_at("booking:day")
@require_http_methods(["GET", "HEAD", "POST"])
def arrival(request: SignedIn, code: str) -> HttpResponse:
    """Whose ticket it is, to be compared with the card; one key checks in. A phone opens it too."""
    if request.method == "POST":
        with intention(request.user, door="web"):
            number = request.POST.get("number", "")
            arrived = services.check_in_by_code(actor=request.user, text=code, number=number)
        messages.success(request, _words(arrived))
        return redirect("booking:day")
    with intention(request.user, door="web"):
        seen = services.read_code(actor=request.user, text=code)
    return render(request, "appointments/arrival.html", {"appointment": seen})


@login_required
@form_at("booking:day")
@require_POST
def call_next(request: SignedIn) -> HttpResponse:
    """Whoever comes first of those who wait for this doctor."""
    with intention(request.user, door="web"):
        called = services.call_next(actor=request.user)
    return redirect(f"{reverse('booking:day')}#a-{called.pk}")


def _words(arrived: Appointment) -> str:
    """By number: somebody else may be looking over the desk."""
    time = f"{timezone.localtime(arrived.during.lower):%H:%M}"
    where = arrived.period.session.room or arrived.department.name
    sentence = _("Checked in: {time}, No. {n}, {room}")
    return sentence.format(time=time, n=arrived.ticket, room=where)
