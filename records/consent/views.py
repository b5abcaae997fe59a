"""Finding and registering people."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from records.consent import reasons, services
from records.consent.forms import RegistrationForm
from records.consent.queries import Found
from records.consent.registration import register_and_treat
from telemed.core.doors import form_at
from telemed.core.errors import require
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
        return render(request, "patients/new.html", {"form": _form(request)})
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        raise form.refusal()
    with intention(request.user, door="web"):
        patient = register_and_treat(
            actor=request.user,
            organisation=request.user.acting_organisation,
            **form.cleaned_data,
        )
    return redirect("chart:patient", patient.pk)


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
        "id_card": patient.id_card_masked,
        "why": reasons.in_words(found.reasons),
        "url": reverse("chart:patient", args=[patient.pk]),
    }
