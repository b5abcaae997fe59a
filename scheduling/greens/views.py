"""The pages of the green channel: the board, opening, the live page, taps, the report."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from records.chart import queries as chart
from records.consent.queries import get_patient
from scheduling.greens import forms, presenting, services
from scheduling.greens.permissions import STAFF, may_open
from telemed.core import idempotency, moments
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.ids import new_id
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.web import refused
from telemed.web.files import stream_csv


@login_required
@require_safe
def board(request: SignedIn) -> HttpResponse:
    """Everything that is under way, as both sides see it."""
    require(request.user.role in STAFF, _("This list is for who sends and who receives."))
    with intention(request.user, door="web"):
        context = presenting.board(request.user)
    return render(request, "greens/board.html", context)


@login_required
@require_safe
def new(request: SignedIn) -> HttpResponse:
    """Who it is; one of four buttons says what it is, and opens it."""
    refusal = refused.find(request)
    kept = refusal if refusal and refusal.of("greens:open") else None
    wanted = forms.NewForm({"patient": kept.value("patient")} if kept else request.GET)
    patient_id = wanted.cleaned_data["patient"] if wanted.is_valid() else None
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id) if patient_id else None
        may = may_open(request.user, patient)
        require(may, _("A doctor who is with the patient does this."))
        context = presenting.form(request.user, patient)
        context["banner"] = chart.banner_of(request.user, patient) if patient else None
    context["key"] = kept.value("key") if kept else str(new_id())
    context["now"] = moments.now()
    return render(request, "greens/new.html", context)


@login_required
@form_at("greens:new")
@require_POST
def open_green(request: SignedIn) -> HttpResponse:
    form = forms.OpenForm(request.POST)
    sent = forms.checked(form)
    with intention(request.user, door="web"):
        body = {name: str(value) for name, value in sent.items()}
        answer = idempotency.remembered(key=str(sent["key"]), body=body)
        if not answer:
            known = sent["patient"] != forms.UNKNOWN
            patient = get_patient(request.user, sent["patient"]) if known else None
            green = services.open_green(actor=request.user, patient=patient, wish=form.wish())
            answer = str(green.pk)
            idempotency.keep(key=str(sent["key"]), answer=answer)
    return redirect("greens:green", answer)


@login_required
@require_safe
def green(request: SignedIn, green_id: UUID) -> HttpResponse:
    """The one page that every station has open."""
    with intention(request.user, door="web"):
        found, clinical = services.read_green(actor=request.user, green_id=green_id)
        context = presenting.page(request.user, found, clinical)
        if clinical:
            context["banner"] = chart.banner_of(request.user, found.referral.patient)
    return render(request, "greens/green.html", context)


@login_required
@form_at("greens:green")
@require_POST
def acknowledge(request: SignedIn, green_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.acknowledge(actor=request.user, green_id=green_id)
    return redirect("greens:green", green_id)


@login_required
@form_at("greens:green")
@require_POST
def stamp(request: SignedIn, green_id: UUID) -> HttpResponse:
    """A tap, now or kept on the device until the line was back."""
    sent = forms.checked(forms.StampForm(request.POST))
    with intention(request.user, door="web"):
        services.stamp(
            actor=request.user,
            green_id=green_id,
            station=sent["station"],
            key=sent["key"],
            at=sent["at"] or moments.now(),
        )
    if request.accepts("text/html"):
        return redirect("greens:green", green_id)
    return JsonResponse({"stamped": sent["station"]})


@login_required
@form_at("greens:green")
@require_POST
def correct(request: SignedIn, green_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        sent = forms.checked(forms.CorrectForm(request.POST))
        services.correct(actor=request.user, green_id=green_id, **sent)
    return redirect("greens:green", green_id)


@login_required
@form_at("greens:green")
@require_POST
def vitals(request: SignedIn, green_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        sent = forms.checked(forms.VitalsForm(request.POST))
        services.write_vitals(actor=request.user, green_id=green_id, **sent)
    return redirect("greens:green", green_id)


@login_required
@form_at("greens:green")
@require_POST
def end(request: SignedIn, green_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        sent = forms.checked(forms.EndForm(request.POST))
        services.end(actor=request.user, green_id=green_id, **sent)
    return redirect("greens:green", green_id)


@login_required
@form_at("greens:green")
@require_POST
def take_back(request: SignedIn, green_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        reason = forms.checked(forms.ReasonForm(request.POST))["reason"]
        services.take_back(actor=request.user, green_id=green_id, reason=reason)
    return redirect("greens:green", green_id)


@login_required
@require_safe
def report(request: SignedIn, green_id: UUID) -> HttpResponse:
    """The timings on paper."""
    with intention(request.user, door="web"):
        found, _clinical = services.read_green(actor=request.user, green_id=green_id)
        context = {
            "green": found,
            "heading": presenting.report_heading(),
            "lines": presenting.report(found),
        }
    return render(request, "greens/report.html", context)


@login_required
@require_safe
def report_csv(request: SignedIn, green_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        found, _clinical = services.read_green(actor=request.user, green_id=green_id)
        rows = [presenting.report_heading(), *presenting.report(found)]
        name = f"green-{found.referral.number}.csv"
    return stream_csv(request, name, rows)  # type: ignore[return-value]
