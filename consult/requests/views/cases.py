"""One case: its page, and the asked side's answers."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.requests import forms, panels, presenting, queries, services
from consult.requests.models import Offer, Receipt, Status
from records.chart import queries as chart
from telemed.core.doors import form_at
from telemed.core.errors import Invalid
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn


@login_required
@require_GET
def case(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The current step first: answer, enter, read and decide; then the time line."""
    with intention(request.user, door="web"):
        found = queries.get_case(request.user, case_id)
        if request.user.role == Role.RESIDENT:
            return redirect("residents:case", case_id)
        if found.status == Status.DRAFT:
            return redirect("requests:edit", case_id)
        services.read_offer(actor=request.user, case=found)
        acts = presenting.acts(request.user, found)
        clinical = acts["clinical"]
        if clinical:
            services.open_case(actor=request.user, case=found)
        context = {
            "case": found,
            **acts,
            "row": presenting.row(request.user, queries.due_of(found)),
            "steps": presenting.steps_of(found),
            "line": [(step, presenting.step_words(step)) for step in queries.time_line(found)],
            "offers": list(found.offers.select_related("doctor__practitioner")),
            "banner": chart.banner_of(request.user, found.patient) if clinical else None,
            "studies": list(found.studies.all()) if clinical else [],
            "receipts": list(found.receipts.select_related("given_by")),
            "decisions": Receipt.Decision.choices,
            "decline_codes": Offer.Decline.choices,
            "candidates": queries.candidates_of(found) if acts["may_assign"] else [],
            "panels": panels.shown(request.user, found) if clinical else [],
        }
    return render(request, "requests/case.html", context)


@login_required
@form_at("requests:case")
@require_POST
def accept(request: SignedIn, case_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.accept_case(actor=request.user, case_id=case_id)
    enter = request.POST.get("then") == "enter"
    return redirect("rooms:room", case_id) if enter else redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def decline(request: SignedIn, case_id: UUID) -> HttpResponse:
    form = forms.DeclineForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose a reason."), path="code")
    with intention(request.user, door="web"):
        services.decline_case(actor=request.user, case_id=case_id, **form.cleaned_data)
    return redirect("/")


@login_required
@form_at("requests:case")
@require_POST
def assign(request: SignedIn, case_id: UUID) -> HttpResponse:
    form = forms.AssignForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose a doctor from the list."), path="doctor")
    with intention(request.user, door="web"):
        services.assign_case(
            actor=request.user, case_id=case_id, doctor_id=form.cleaned_data["doctor"]
        )
    return redirect("requests:case", case_id)
