"""An emergency: one page that works without a line, sent once."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from consult.requests import forms, presenting, queries, services
from consult.requests.fields import PersonField
from consult.requests.models import Case, Kind
from consult.requests.policies import MAX_OFFERS
from consult.requests.views.asking import only_who_asks, read_uuid, specialty_meant, ways_for
from records.chart import queries as chart
from records.chart import summary
from records.chart.services import note_reading
from records.consent.queries import get_patient
from records.consent.registration import register_and_treat
from records.imaging.presenting import attaching_to
from records.mpi.models import Patient
from telemed.core import idempotency
from telemed.core.doors import form_at
from telemed.core.ids import new_id
from telemed.core.intentions import intention
from telemed.people.models import User
from telemed.people.sessions import SignedIn
from telemed.web import refused
from telemed.web.context import BARE

PICTURES = {"signature", "photo"}  # no part of what makes two sendings the same


@login_required
@form_at("requests:emergency")
@require_http_methods(["GET", "POST"])
def emergency(request: SignedIn) -> HttpResponse:
    """One page, five clicks: patient, what it is, consent, send."""
    only_who_asks(request.user)
    if request.method == "POST":
        sent = reverse("requests:case", args=[_send_emergency(request)])
        return redirect(sent) if request.accepts("text/html") else JsonResponse({"url": sent})
    refusal = refused.find(request)
    kept = refusal if refusal and refusal.of("requests:emergency") else None
    wanted = str(kept.value("asked")) if kept else ""
    with intention(request.user, door="web"):
        patient = _find_patient(request, kept)
        ways = ways_for(request, _specialty_of(kept), wanted)
        context = {
            "ways": ways,
            "chosen_way": presenting.chosen(ways),
            "what": forms.EmergencyForm.WHAT.items(),
            "patient": patient,
            "picking": _picking(request, patient.patient, kept) if patient else None,
            "signers": presenting.signers(patient.patient if patient else None),
            "key": kept.value("key") if kept else str(new_id()),
            "attached": attaching_to(None),
            "promise": presenting.promise(Case(kind=Kind.EMERGENCY)),
            "called": MAX_OFFERS,
        }
    return render(request, "requests/emergency.html", context)


@login_required
@require_GET
def kit(request: SignedIn) -> HttpResponse:
    """The same page as a device keeps it: about nobody, and without a line of its own."""
    only_who_asks(request.user)
    with intention(request.user, door="web"):
        ways = [way for way in ways_for(request, "", "") if way.open]
    context = {
        "kit": True,
        "frame": BARE,
        "ways": ways,
        "chosen_way": presenting.chosen(ways),
        "signers": presenting.signers(None),
        "what": forms.EmergencyForm.WHAT.items(),
        "promise": presenting.promise(Case(kind=Kind.EMERGENCY)),
        "called": MAX_OFFERS,
    }
    return render(request, "requests/emergency.html", context)


@login_required
@require_GET
def recent(request: SignedIn) -> HttpResponse:
    """The part of the page that shows what was recorded of the patient in the last day."""
    only_who_asks(request.user)
    form = forms.RecentForm(request.GET)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        patient = get_patient(request.user, form.cleaned_data["patient"])
        context = {"picking": _picking(request, patient, None)}
    return render(request, "requests/_recent.html", context)


def _picking(
    request: SignedIn, patient: Patient, kept: refused.Refusal | None
) -> presenting.Picking:
    """What may be taken along; that it was looked up is a reading of the record."""
    note_reading(actor=request.user, patient=patient)
    typed = ",".join(kept.typed.get("studies", [])).split(",") if kept else None
    return presenting.picking(queries.recent_studies(request.user, patient), typed)


def _send_emergency(request: SignedIn) -> UUID:
    form = forms.EmergencyForm(request.POST, request.FILES)
    if not form.is_valid():
        raise forms.refusal(form)
    sent = form.cleaned_data
    with intention(request.user, door="web"):
        body = {name: str(value) for name, value in sent.items() if name not in PICTURES}
        if answer := idempotency.remembered(key=sent["key"], body=body):
            return UUID(answer)
        patient = _person(request.user, sent)
        case = services.draft_case(
            actor=request.user,
            patient=patient,
            kind=Kind.EMERGENCY,
            studies=[],
            **summary.prefill(request.user, patient),
        )
        services.save_draft(
            actor=request.user,
            case_id=case.pk,
            reason=form.whole_reason,
            specialty=specialty_meant(sent["what"]),
            wanted_time="now",
            asked=sent["asked"],
            studies=[*sent["studies"], *sent["attached"]],
        )
        services.attach_consent(
            actor=request.user,
            case_id=case.pk,
            method=sent["consent"],
            relation=sent["relation"].relation or "self",
            fee_shown=sent["fee"] or 0,
            signed_under=sent["relation"].under,
            signature=form.picture(),
            reason=sent["waiting_reason"] or _("Emergency: treatment first"),
        )
        services.submit_case(actor=request.user, case_id=case.pk)
        idempotency.keep(key=sent["key"], answer=str(case.pk))
    return case.pk


def _person(user: User, sent: dict[str, Any]) -> Patient:
    """Who it is about; somebody whom nobody could look up gets a temporary number."""
    if sent["patient"] != PersonField.UNKNOWN:
        return get_patient(user, sent["patient"])
    known = bool(sent["name"].strip())
    because = Patient.Temporary.UNDOCUMENTED if known else Patient.Temporary.UNCONSCIOUS
    return register_and_treat(
        actor=user,
        organisation=user.acting_organisation,
        because=because,
        name=sent["name"],
        sex=sent["sex"],
        another=_("Emergency: treatment first"),  # who may be the same goes to review
    )


def _find_patient(request: SignedIn, kept: refused.Refusal | None) -> chart.Banner | None:
    wanted = kept.value("patient") if kept else request.GET.get("patient", "")
    if not wanted or wanted == PersonField.UNKNOWN:
        return None
    patient = get_patient(request.user, read_uuid(wanted))
    return chart.banner_of(request.user, patient)


def _specialty_of(kept: refused.Refusal | None) -> str:
    return specialty_meant(kept.value("what")) if kept else ""
