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
from telemed.audit import refusals
from telemed.core.errors import DomainError, require
from telemed.core.intentions import intention
from telemed.people.models import User
from telemed.people.sessions import SignedIn
from telemed.web import words

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
@require_http_methods(["GET", "POST"])
def register(request: SignedIn) -> HttpResponse:
    """/patients/new/: refusals stand at their field, and what was typed stays."""
    only_clinicians(request.user)
    if request.method == "GET":
        return ask(request, RegistrationForm(), status=200)
    form = RegistrationForm(request.POST)
    if not form.is_valid():
        return ask(request, form, status=422)
    try:
        with intention(request.user, door="web"):
            patient = register_and_treat(
                actor=request.user,
                organisation=request.user.acting_organisation,
                **form.cleaned_data,
            )
    except DomainError as error:
        refusals.note(request.user, door="web", action="patients:register", error=error)
        form.add_error(error.path if error.path in form.fields else None, error.message)
        return ask(request, form, status=422)
    return redirect("chart:patient", patient.pk)


def ask(request: SignedIn, form: RegistrationForm, *, status: int) -> HttpResponse:
    form.focus()
    return render(request, "patients/new.html", {"form": form}, status=status)


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
