"""Nobody of the asked hospital can: which doctor of which other hospital is asked instead."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult.requests import forms, permissions, presenting, queries, services
from telemed.core.doors import form_at
from telemed.core.errors import Conflict, require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

DOOR = "requests:pass_on"


@login_required
@form_at(DOOR)
@require_http_methods(["GET", "POST"])
def pass_on(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The other hospitals that the asking institution may ask, with their doctors; POST asks."""
    if request.method == "POST":
        form = forms.PassOnForm(request.POST)
        if not form.is_valid():
            raise forms.refusal(form)
        hospital, doctor = form.cleaned_data["doctor"]
        with intention(request.user, door="web"):
            case = services.pass_on(
                actor=request.user,
                case_id=case_id,
                hospital_id=hospital,
                doctor_id=doctor,
                reason=form.cleaned_data["reason"],
            )
        said = _("Passed to {org}. Both coordinators and the asking doctor are told.")
        messages.success(request, said.format(org=case.addressee.name))
        return redirect("requests:case", case_id)
    with intention(request.user, door="web"):
        case = queries.get_case(request.user, case_id)
        ours = permissions.looks_for_somebody(request.user, case)
        require(ours, _("Your role here may not pass this on."))
        if not permissions.may_pass_on(request.user, case):
            raise Conflict(_("This consult is no longer waiting for an answer."), path="status")
        context = {"case": case, "pool": presenting.pool(case)}
    return render(request, "requests/pass_on.html", context)
