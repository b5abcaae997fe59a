"""What waits for me, one referral, and a resident's own."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from records.chart import queries as chart
from scheduling.appointments.services import choose_person
from scheduling.referrals import presenting, queries, services, words
from scheduling.referrals.permissions import STAFF
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def board(request: SignedIn) -> HttpResponse:
    """The sender's list and the receiver's board: what is to be done first, by time left."""
    require(request.user.role in STAFF, _("This list is for who sends and who receives."))
    with intention(request.user, door="web"):
        context = presenting.board(request.user)
    return render(request, "referrals/list.html", context)


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """Where I was sent, and what became of it."""
    require(request.user.role == Role.RESIDENT, _("This page is for residents."))
    with intention(request.user, door="web"):
        patient, people = choose_person(actor=request.user, wanted=request.GET.get("for", ""))
        found = queries.referrals_of(request.user, patient.pk) if patient else []
    rows = [(one, words.state_words(one, resident=True)) for one in found]
    context = {"patient": patient, "people": people, "rows": rows}
    return render(request, "referrals/mine.html", context)


@login_required
@require_safe
def referral(request: SignedIn, referral_id: UUID) -> HttpResponse:
    """What comes next stands first; then why, what was found, the plan and every step."""
    resident = request.user.role == Role.RESIDENT
    with intention(request.user, door="web"):
        found, clinical = services.open_referral(actor=request.user, referral_id=referral_id)
        queries.due_of(found)
        context = presenting.page(request.user, found, clinical)
        if resident:
            context["state"] = words.state_words(found, resident=True)
        elif clinical:
            context["banner"] = chart.banner_of(request.user, found.patient)
        context["steps"] = list(context["steps"])
        context["questions"] = list(context["questions"])
        context["plan"] = list(context["plan"])
    name = "own" if resident else "referral"
    return render(request, f"referrals/{name}.html", context)
