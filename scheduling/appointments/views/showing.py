"""What the booking pages have in common: for whom they are, and in which frame."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from records.mpi.models import Patient
from scheduling.appointments import services
from scheduling.appointments.models import Appointment
from scheduling.appointments.permissions import BATCHERS, CLERKS
from scheduling.appointments.presenting import address_of_code
from telemed.people.models import Role, User
from telemed.people.sessions import SignedIn
from telemed.web import qr


def person_of(request: SignedIn) -> tuple[Patient | None, list[Patient]]:
    return services.choose_person(actor=request.user, wanted=wanted_of(request))


def wanted_of(request: SignedIn) -> str:
    """The key of the person whom the page is for; empty for who signed in."""
    return request.POST.get("for") or request.GET.get("for", "")


def show(
    request: SignedIn,
    name: str,
    patient: Patient | None,
    people: list[Patient],
    home: str = "booking:find",
    /,
    **context: Any,
) -> HttpResponse:
    """
    A page for residents, large and plain, or in the shell of the staff who act for somebody.

    `name` of the template; `home`: where its way back leads, for the same person.
    """
    staff = request.user.role != Role.RESIDENT
    key = services.key_of(request.user, patient) if patient and _named(request, patient) else ""
    whom = f"?{urlencode({'for': key})}" if key else ""
    context |= {
        "layout": "web/base.html" if staff else "web/resident.html",
        "staff": staff,
        "patient": patient,
        "people": people,
        "key": key,
        "whom": whom,
        "back": reverse(home) + whom,
        "batcher": request.user.role in BATCHERS,
        # Somebody stands at the desk: the likeliest step has the focus, and Enter takes it.
        "quick": patient is not None and request.user.role in CLERKS,
    }
    return render(request, f"{name}.html", context)


def trip_query(request: SignedIn, patient: Patient, doctor: UUID | None) -> str:
    """What the page of a trip has to know from that of the times: for whom, and with whom."""
    named = _named(request, patient)
    key = services.key_of(request.user, patient) if named else ""
    facts = {"for": key, "doctor": str(doctor or "")}
    said = urlencode({name: value for name, value in facts.items() if value})
    return f"?{said}" if said else "?"


def _named(request: SignedIn, patient: Patient) -> bool:
    """Whether the address has to say for whom."""
    return patient.user_id != request.user.pk


def code_for(request: SignedIn, appointment: Appointment) -> qr.Code | None:
    """To be scanned at the desk, while there is something to check in for."""
    address = address_of_code(appointment)
    return qr.draw(request.build_absolute_uri(address)) if address else None


def division_of(user: User, patient: Patient | None = None) -> str:
    """Where to begin looking: the doctor's own place, else that of the patient's clinic."""
    if user.organisation:
        return user.organisation.division_id
    clinic = patient.managing_organisation if patient else None
    return clinic.division_id if clinic else ""
