"""Doors of a draft that several write: who writes along, whose section it is, what stands there."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consult.opinions import forms, panels, services
from consult.requests.queries import get_case
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.web.error_pages import wants_json


@login_required
@require_http_methods(["GET", "POST"])
def writers(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Who writes along on the opinion: GET the page, POST another."""
    if request.method == "POST":
        wanted = forms.read(forms.WriterForm(request.POST))
        with intention(request.user, door="web"):
            services.ask_co_writer(actor=request.user, case_id=case_id, **wanted)
        return redirect("opinions:writers", case_id)
    with intention(request.user, door="web"):
        case = get_case(request.user, case_id)
        context = panels.writers_page(request.user, case)
    return render(request, "opinions/writers.html", {"case": case, **context})


@login_required
@require_POST
def drop_writer(request: SignedIn, case_id: UUID, user_id: UUID) -> HttpResponse:
    """Taken back, or given up by who writes along."""
    with intention(request.user, door="web"):
        services.drop_co_writer(actor=request.user, case_id=case_id, user_id=user_id)
    own = request.user.pk == user_id
    return redirect("/") if own else redirect("opinions:writers", case_id)


@login_required
@require_safe
def text(request: SignedIn, case_id: UUID) -> JsonResponse:
    """What stands in each section now and who types there, for the open pages of its writers."""
    with intention(request.user, door="web"):
        case = get_case(request.user, case_id)
        return JsonResponse(panels.text_now(request.user, case))


@login_required
@form_at("opinions:draft")
@require_POST
def fill(request: SignedIn, case_id: UUID) -> HttpResponse:
    """
    Start from a template. Without script what was typed comes along, and is kept; so it is where a
    key pressed in a field sent the form, and no template was chosen.
    """
    wanted = forms.read(forms.FillForm(request.POST))
    key = wanted.pop("template", "")
    with intention(request.user, door="web"):
        if wanted:
            services.save_draft(actor=request.user, case_id=case_id, **wanted)
        if key or wants_json(request):
            services.start_from_template(actor=request.user, case_id=case_id, key=key)
        now = panels.text_now(request.user, get_case(request.user, case_id))
    return JsonResponse(now) if wants_json(request) else redirect("opinions:draft", case_id)


@login_required
@require_POST
def save_section(request: SignedIn, case_id: UUID) -> JsonResponse:
    """Keep one section, and go on holding it."""
    wanted = forms.read(forms.SectionForm(request.POST))
    with intention(request.user, door="web"):
        saved = services.save_section(actor=request.user, case_id=case_id, **wanted)
    return JsonResponse(
        {
            "version": saved.version,
            "section": getattr(saved, f"{wanted['section']}_version"),
            "saved_at": f"{timezone.localtime(saved.saved_at):%H:%M}",
        }
    )


@login_required
@require_POST
def take_section(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Begin to type in a section."""
    wanted = forms.read(forms.HoldForm(request.POST))
    with intention(request.user, door="web"):
        services.take_section(actor=request.user, case_id=case_id, **wanted)
    return HttpResponse(status=204)


@login_required
@require_POST
def leave_section(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Done typing in a section."""
    wanted = forms.read(forms.HoldForm(request.POST))
    with intention(request.user, door="web"):
        services.leave_section(actor=request.user, case_id=case_id, section=wanted["section"])
    return HttpResponse(status=204)
