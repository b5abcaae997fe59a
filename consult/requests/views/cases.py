"""One case: its page, and the asked side's answers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consult.requests import forms, panels, presenting, queries, services
from consult.requests.models import Status
from records.chart import queries as chart
from records.imaging.queries import studies_of
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
        context = presenting.page(request.user, found)
        clinical = context["clinical"]
        if clinical:
            services.open_case(actor=request.user, case=found)
        found.joined = context["seat"] is not None
        found.writes = context["along"]
        queries.own_due(request.user, [queries.due_of(found)])
        context["row"] = presenting.row(request.user, found)
        context["banner"] = chart.banner_of(request.user, found.patient) if clinical else None
        context["panels"] = panels.shown(request.user, found, below=False)
        context["panels_below"] = panels.shown(request.user, found, below=True)
        context["all_studies"] = (
            studies_of(request.user, found.patient)
            if context["asks"] and context["questions"]
            else []
        )
    return render(request, "requests/case.html", context)


@login_required
@require_GET
def arriving(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The part of a page that says how far its images are; numbers, and nothing of the patient."""
    with intention(request.user, door="web"):
        found = queries.get_case(request.user, case_id)
        context = {"case": found, **presenting.arriving(request.user, found)}
    return render(request, "requests/_arriving.html", context)


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
    messages.success(request, _("This doctor is asked now."))
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def promise(request: SignedIn, case_id: UUID) -> HttpResponse:
    """A doctor said on the phone that they are coming."""
    form = forms.AssignForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose a doctor from the list."), path="doctor")
    doctor = form.cleaned_data["doctor"]
    with intention(request.user, door="web"):
        services.note_promise(actor=request.user, case_id=case_id, doctor_id=doctor)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def hand_over(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Ask a colleague to take over."""
    form = forms.HandOverForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    wanted = form.cleaned_data
    with intention(request.user, door="web"):
        services.hand_over(
            actor=request.user,
            case_id=case_id,
            doctor_id=wanted["doctor"],
            note=wanted["note"],
        )
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def give_back(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Give an accepted case back."""
    form = forms.ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    with intention(request.user, door="web"):
        services.return_case(actor=request.user, case_id=case_id, reason=reason)
    return redirect("/")


@login_required
@form_at("requests:case")
@require_POST
def route(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Let a request that waits for triage go to the doctors."""
    with intention(request.user, door="web"):
        services.route_by_hand(actor=request.user, case_id=case_id)
    return redirect("requests:case", case_id)
