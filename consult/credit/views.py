"""A specialist's credit: for themselves, and for those who keep the hospital's people."""

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult.credit import presenting, queries, services
from consult.credit.forms import last_month_of, measure_of
from consult.credit.permissions import is_own, may_list
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.oversight.indicators import name_of
from telemed.people.models import Role
from telemed.people.sessions import SignedIn
from telemed.web.files import stream_csv

TIMEOUT = 10_000  # ms


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """/credit/?q=…&after=…: a specialist's own months, or the specialists of the hospital."""
    if request.user.role == Role.SPECIALIST:
        return redirect("credit:person", request.user.pk)
    text = request.GET.get("q", "").strip()[:60]
    with intention(request.user, door="web"):
        require(may_list(request.user), _("This page is for specialists and their hospital."))
        people = queries.list_doctors(request.user, text=text, after=request.GET.get("after", ""))
    return render(request, "credit/people.html", {"people": people, "q": text})


@login_required
@require_safe
def person(request: SignedIn, user_id: UUID) -> HttpResponse:
    """/credit/<doctor>/?until=2026-11&show=…"""
    until, measure = last_month_of(request.GET), measure_of(request.GET)
    credit = _find(request, user_id, until)
    context = {**presenting.page(credit, measure), "own": is_own(request.user, user_id)}
    return render(request, "credit/person.html", context)


@login_required
@require_safe
def person_csv(request: SignedIn, user_id: UUID) -> StreamingHttpResponse:
    """The same table as a file."""
    until = last_month_of(request.GET)
    credit = _find(request, user_id, until)
    name = f"credit-{credit.doctor.username}-{name_of(until)}.csv"
    return stream_csv(request, name, presenting.file_rows(credit))


def _find(request: SignedIn, user_id: UUID, until: date) -> queries.Credit:
    with intention(request.user, door="web", timeout_ms=TIMEOUT):
        doctor = queries.get_doctor(request.user, user_id)
        services.note_look(actor=request.user, doctor=doctor)
        return queries.find_credit(
            doctor=doctor, organisation=request.user.acting_organisation, until=until
        )
