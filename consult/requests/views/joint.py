"""A joint consult is set up: who, under whose chair, when; and one who is out is replaced."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consult.requests import forms, permissions, presenting, queries, services
from telemed.core.doors import form_at
from telemed.core.errors import Conflict, require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.web import refused

DOOR = "requests:mdt"


@login_required
@form_at(DOOR)
@require_http_methods(["GET", "POST"])
def plan(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Specialties, doctors, chair and the time that all have free; POST invites them."""
    if request.method == "POST" and "look" in request.POST:  # without script: looked up anew
        return redirect(f"{reverse(DOOR, args=[case_id])}?{_query(request.POST)}")
    if request.method == "POST":
        form = forms.PlanForm(request.POST)
        if not form.is_valid():
            raise forms.refusal(form)
        with intention(request.user, door="web"):
            services.convene(actor=request.user, case_id=case_id, **form.plan())
        return redirect("requests:case", case_id)
    kept = refused.find(request)
    sent = kept.data if kept and kept.of(DOOR) else request.GET
    with intention(request.user, door="web"):
        case = queries.get_case(request.user, case_id)
        ours = permissions.coordinates(request.user, case)
        require(ours, _("Your role here may not set up this consult."))
        if not permissions.may_convene(request.user, case):
            raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
        context = presenting.plan_page(case, forms.read_plan(sent))
    part = request.GET.get("part") == "plan"
    return render(request, "requests/_mdt_plan.html" if part else "requests/mdt.html", context)


@login_required
@form_at("requests:case")
@require_POST
def replace(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Invite another doctor to a seat; the others keep their time."""
    form = forms.ReplaceForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    wanted = form.cleaned_data
    with intention(request.user, door="web"):
        services.replace_expert(
            actor=request.user,
            case_id=case_id,
            offer_id=wanted["offer"],
            doctor_id=wanted["doctor"],
        )
    return redirect("requests:case", case_id)


def _query(sent: QueryDict) -> str:
    """What is chosen, as an address; what is written is no part of one."""
    chosen = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name in ("specialties", "chair", "starts_at", "half_hours") or name[:7] == "doctor-":
            chosen.setlist(name, values)
    return chosen.urlencode()
