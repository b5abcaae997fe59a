"""Finding and registering people."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from records.consent import reasons, services
from records.consent.forms import IdentifyForm, RegistrationForm
from records.consent.queries import Found, get_patient
from records.consent.registration import (
    Alike,
    find_alike,
    identify_here,
    register_and_treat,
    use_existing,
)
from telemed.audit import services as audit
from telemed.core.doors import form_at
from telemed.core.errors import Invalid, NotFound, require
from telemed.core.intentions import intention
from telemed.people.models import User
from telemed.people.sessions import SignedIn
from telemed.web import refused, words

PAGE, SUGGESTIONS = 20, 8


@login_required
@require_GET
@vary_on_headers("Accept")
def search(request: SignedIn) -> HttpResponse:
    """/patients/?q=…&after=…: a page, or suggestions where the client accepts JSON."""
    text, after = request.GET.get("q", ""), request.GET.get("after", "")
    as_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    limit = SUGGESTIONS if as_json else PAGE
    with intention(request.user, door="web"):
        only_clinicians(request.user)
        page = services.find_patients(actor=request.user, text=text, limit=limit, after=after)
    if as_json:
        return JsonResponse({"patients": [suggestion(found) for found in page.rows]})
    context = {"page": page, "rows": [row(found) for found in page.rows], "q": text}
    return render(request, "patients/search.html", context)


@login_required
@form_at("patients:register")
@require_http_methods(["GET", "POST"])
def register(request: SignedIn) -> HttpResponse:
    """/patients/new/: refusals stand at their field, and what was typed stays."""
    only_clinicians(request.user)
    if request.method == "GET":
        form = _form(request)
        return render(request, "patients/new.html", {"form": form, "alike": _alike(request, form)})
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        raise form.refusal()
    here, typed = request.user.acting_organisation, form.cleaned_data
    with intention(request.user, door="web"):
        if chosen := request.POST.get("use"):
            patient = use_existing(
                actor=request.user, organisation=here, patient_id=_uuid(chosen), typed=typed
            )
        else:
            patient = register_and_treat(actor=request.user, organisation=here, **typed)
    return redirect("chart:patient", patient.pk)


@login_required
@form_at("patients:identify")
@require_http_methods(["GET", "POST"])
def identify(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """/patients/<id>/identify/: the ID of somebody with a temporary number."""
    only_clinicians(request.user)
    if request.method == "GET":
        return _identify_page(request, patient_id)
    form = IdentifyForm(request.POST)
    if not form.is_valid():
        raise Invalid(str(next(iter(form.errors.values()))[0]), path="id_card")
    with intention(request.user, door="web"):
        found = identify_here(actor=request.user, patient_id=patient_id, **form.cleaned_data)
    if found.pair:
        said = _("This ID belongs to another record; sent for review.")
        messages.warning(request, said)
    else:
        messages.success(request, _("Identified: {who}").format(who=found.patient.masked))
    return redirect("chart:patient", patient_id)


def _identify_page(request: SignedIn, patient_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id, "write")
        audit.record(action="person.read", target=patient, patient_id=patient.pk)
    refusal = refused.find(request)
    form = IdentifyForm(refusal.data if refusal else None)
    if refusal and form.is_valid():
        form.add_error(refusal.path if refusal.path in form.fields else None, refusal.text)
    return render(request, "patients/identify.html", {"form": form, "patient": patient})


def _alike(request: SignedIn, form: RegistrationForm) -> list[Alike]:
    """After a refusal: who in the index may be meant."""
    if not form.is_bound:
        return []
    with intention(request.user, door="web"):
        return find_alike(actor=request.user, typed=form.cleaned_data)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("Not found, or not yours to know of.")) from None


def _form(request: SignedIn) -> RegistrationForm:
    """Empty, or as it was refused: each field with what is wrong with it."""
    refusal = refused.find(request)
    form = RegistrationForm(refusal.data if refusal else None)
    if refusal and form.is_valid():
        form.add_error(refusal.path if refusal.path in form.fields else None, refusal.text)
    form.focus()
    return form


def only_clinicians(user: User) -> None:
    require(user.is_clinical, _("Finding patients is for doctors who treat them."))


def row(found: Found) -> dict[str, object]:
    return {"patient": found.patient, "why": reasons.in_words(found.reasons)}


def suggestion(found: Found) -> dict[str, object]:
    """One line of a find box, ready to show; of the ID number only its tail."""
    patient = found.patient
    return {
        "id": str(patient.pk),
        "name": patient.name,
        "sex_age": words.sex_age(patient.sex, patient.birth_date),
        "id_card": patient.number_shown,
        "why": reasons.in_words(found.reasons),
        "url": reverse("chart:patient", args=[patient.pk]),
    }
