"""The asking side: begin, write, sign consent, send, withdraw, act on the opinion."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consult.requests import forms, presenting, queries, services
from consult.requests.models import Case, Status, WantedTime
from records.chart import queries as chart
from records.chart import summary
from records.consent.queries import get_patient
from records.imaging.presenting import attaching_to
from records.imaging.queries import studies_of
from records.mpi.low_incomes import is_exempt
from telemed.core.doors import form_at
from telemed.core.errors import Invalid, require
from telemed.core.intentions import intention
from telemed.organisations.models import Service, Specialty
from telemed.people.licences import is_village_doctor
from telemed.people.models import Role, User
from telemed.people.sessions import SignedIn
from telemed.web import refused


@login_required
@require_POST
def begin(request: SignedIn) -> HttpResponse:
    """Start a request about a patient, filled from the record; the newest study goes along."""
    patient_id = read_uuid(request.POST.get("patient", ""))
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)
        studies = studies_of(request.user, patient)
        case = services.draft_case(
            actor=request.user,
            patient=patient,
            studies=[studies[0].pk] if studies else [],
            wanted_time=WantedTime.TODAY,
            **summary.prefill(request.user, patient),
        )
    return redirect("requests:edit", case.pk)


@login_required
@form_at("requests:edit")
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The form. Without script, POST saves all of it; with script each field is saved as typed."""
    if request.method == "POST":
        _save(request, case_id)
        return redirect("requests:edit", case_id)
    form = _form(request, case_id)
    if form["case"].status != Status.DRAFT:  # Back after sending; and why a form was refused
        query = request.GET.urlencode()
        return redirect(reverse("requests:case", args=[case_id]) + (f"?{query}" if query else ""))
    return render(request, "requests/edit.html", form)


@login_required
@require_POST
def save(request: SignedIn, case_id: UUID) -> JsonResponse:
    """Save what was typed; answers what is still missing, and whether the consent still holds."""
    case = _save(request, case_id)
    why = services.why_consent_fails(case, services.fee_of(case))
    return JsonResponse(
        {
            "saved_at": f"{timezone.localtime():%H:%M}",
            "missing": case.missing,
            "signed": not why,
            "consent": why,
        }
    )


@login_required
@form_at("requests:edit")
@require_POST
def consent(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The drawn signature or the photo of paper; without script the whole form comes along."""
    if "reason" in request.POST:
        _save(request, case_id)
    form = forms.ConsentForm(request.POST, request.FILES)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        signed = services.attach_consent(
            actor=request.user,
            case_id=case_id,
            method=form.cleaned_data["way"],
            relation=form.cleaned_data["relation"].relation,
            fee_shown=form.cleaned_data["fee"],
            signed_under=form.cleaned_data["relation"].under,
            signer_name=form.cleaned_data["signer_name"],
            signature=form.picture(),
            reason=form.cleaned_data["waiting_reason"],
        )
    if request.accepts("text/html"):
        draft = signed.status == Status.DRAFT
        return redirect("requests:edit" if draft else "requests:case", case_id)
    return JsonResponse({"signed": True, "at": f"{timezone.localtime():%H:%M}"})


@login_required
@form_at("requests:edit")
@require_POST
def refuse(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The patient does not agree: what was typed is kept, and that, and nothing is sent."""
    if "reason" in request.POST:
        _save(request, case_id)
    form = forms.RefusedForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    sent = form.cleaned_data
    with intention(request.user, door="web"):
        services.refuse_consent(
            actor=request.user,
            case_id=case_id,
            relation=sent["relation"].relation,
            signed_under=sent["relation"].under,
            reason=sent["why_refused"],
        )
    return redirect(reverse("requests:edit", args=[case_id]) + "#f-consent")


@login_required
@form_at("requests:edit")
@require_POST
def send(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Save the form a last time and send it; what is missing comes back at its field."""
    _save(request, case_id)
    with intention(request.user, door="web"):
        services.submit_case(actor=request.user, case_id=case_id)
    return redirect("requests:case", case_id)


@login_required
@require_GET
def routes(request: SignedIn) -> HttpResponse:
    """The part of both pages that says whom to ask, for another specialty."""
    only_who_asks(request.user)
    form = forms.RoutesForm(request.GET)
    if not form.is_valid():
        raise forms.refusal(form)
    sent = form.cleaned_data
    specialty = sent["specialty"] or specialty_meant(sent["what"])
    service = Service.MDT if sent["joint"] else Service.CONSULT
    with intention(request.user, door="web"):
        ways = ways_for(request, specialty, str(sent["asked"] or ""), service)
    return render(request, "requests/_routes.html", {"ways": ways})


@login_required
@form_at("requests:case")
@require_POST
def cancel(request: SignedIn, case_id: UUID) -> HttpResponse:
    form = forms.CancelForm(request.POST)
    sent = form.cleaned_data if form.is_valid() else {"reason": ""}
    with intention(request.user, door="web"):
        services.cancel_case(actor=request.user, case_id=case_id, **sent)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def receipt(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Adopt, partly, or not; closes the case where that is ticked."""
    form = forms.ReceiptForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.give_receipt(actor=request.user, case_id=case_id, **form.cleaned_data)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def close(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Close a receipted case; what is incomplete needs a reason."""
    form = forms.CloseForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    with intention(request.user, door="web"):
        services.close_by_hand(actor=request.user, case_id=case_id, note=note)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def unsend(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Take a request back that nobody has seen."""
    with intention(request.user, door="web"):
        services.undo_submit(actor=request.user, case_id=case_id)
    return redirect("requests:edit", case_id)


@login_required
@form_at("requests:case")
@require_POST
def uncancel(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Take a withdrawal back."""
    with intention(request.user, door="web"):
        services.undo_cancel(actor=request.user, case_id=case_id)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def complete(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Fill in what an emergency went without."""
    form = forms.CompleteForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.complete_case(actor=request.user, case_id=case_id, **form.cleaned_data)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def outcome(request: SignedIn, case_id: UUID) -> HttpResponse:
    """How the patient fared: one choice, one click."""
    form = forms.OutcomeForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.record_outcome(actor=request.user, case_id=case_id, **form.cleaned_data)
    return redirect("requests:case", case_id)


@login_required
@require_POST
def follow(request: SignedIn, case_id: UUID) -> HttpResponse:
    """The same from the patient's page, by their family doctor, who may work elsewhere."""
    form = forms.OutcomeForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        told = services.record_outcome(actor=request.user, case_id=case_id, **form.cleaned_data)
        patient_id = told.case.patient_id
    return redirect("chart:patient", patient_id)


@login_required
@form_at("requests:case")
@require_POST
def substitute(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Ask another doctor instead of the one who did not answer."""
    form = forms.AssignForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose a doctor from the list."), path="doctor")
    doctor = form.cleaned_data["doctor"]
    with intention(request.user, door="web"):
        services.ask_substitute(actor=request.user, case_id=case_id, doctor_id=doctor)
    return redirect("requests:case", case_id)


def _save(request: SignedIn, case_id: UUID) -> Case:
    form = forms.DraftForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    fields = form.sent()
    if "studies_sent" in request.POST:
        fields["studies"] = [read_uuid(value) for value in request.POST.getlist("studies")]
    if "offered" in request.POST:
        fields["offered"] = [read_uuid(one) for one in request.POST.getlist("offered") if one]
    if "team_sent" in request.POST:
        fields["joint"] = request.POST.get("joint") == "on"
        fields["further"] = request.POST.getlist("further")
    with intention(request.user, door="web"):
        return services.save_draft(actor=request.user, case_id=case_id, **fields)


def _form(request: SignedIn, case_id: UUID) -> dict[str, Any]:
    refusal = refused.find(request)
    kept = refusal if refusal and refusal.of(presenting.ASKING) else None
    with intention(request.user, door="web"):
        case = queries.get_case(request.user, case_id)
        attached = {str(study.pk) for study in case.studies.all()}
        if kept and "studies_sent" in kept.typed:
            attached = set(kept.typed.get("studies", []))
        chosen = str(kept.value("specialty", case.specialty) if kept else case.specialty)
        likely, others = presenting.specialties(
            queries.specialties_asked(case.asking), chosen=chosen
        )
        missing = presenting.missing(case) if kept and kept.of("requests:send") else []
        # Who took what was proposed takes what is proposed now; who chose keeps the choice.
        chose = case.asked_id != case.proposed_id or case.consent_id  # and who signed, for that one
        by_hand = case.asked_id if chose else ""
        wanted = str(kept.value("asked", case.asked_id or "") if kept else by_hand or "")
        joint, further = case.is_joint, case.further
        if kept and "team_sent" in kept.typed:
            joint, further = "joint" in kept.typed, kept.typed.get("further", [])
        service = Service.MDT if joint else Service.CONSULT
        ways = ways_for(request, chosen, wanted, service)
        why = services.why_consent_fails(case, services.fee_of(case))
        return {
            "case": case,
            "for_a_doctor": is_village_doctor(request.user),
            "signed": not why,
            "sign_again": why if case.consent and not case.consent.is_refused else "",
            "refused": case.consent if case.consent and case.consent.is_refused else None,
            "chosen_way": presenting.chosen(ways),
            "pays_nothing": is_exempt(case.patient, timezone.localdate()),
            "joint": joint,
            "further": [(value, label, value in further) for value, label in Specialty.choices],
            "doors": presenting.ASKING,
            "banner": chart.banner_of(request.user, case.patient),
            "signers": presenting.signers(case.patient),
            "ways": ways,
            "why_not": [
                _("The patient wants it"),
                _("They know the patient"),
                _("Easier to reach"),
            ],
            "named": queries.named_doctors_of(case.asked) if case.asked else [],
            "studies": [
                (study, str(study.pk) in attached)
                for study in studies_of(request.user, case.patient)
            ],
            "attached": attaching_to(case.patient),
            "wanted_times": forms.WANTED_TIMES,
            "grades": forms.GRADES,
            "likely_specialties": likely,
            "other_specialties": others,
            "titles": forms.TITLES,
            **presenting.arriving(request.user, case),
            "promise": presenting.promise(case),
            "missing": missing,
            "faults": presenting.faults(missing, kept.path, kept.text) if kept else {},
            "aims": [_("Diagnosis"), _("Next test"), _("Treatment"), _("Whether to refer")],
        }


def only_who_asks(user: User) -> None:
    require(user.role == Role.TOWNSHIP_DOCTOR, _("Only a township doctor asks for a consult."))


def ways_for(
    request: SignedIn, specialty: str, wanted: str, service: str = Service.CONSULT
) -> list[presenting.Way]:
    found = queries.propose(request.user.acting_organisation, specialty, service)
    return presenting.ways(found, specialty=specialty, wanted=wanted)


def specialty_meant(what: str) -> str:
    """The specialty of what an emergency is."""
    return str(forms.EmergencyForm.WHAT[what][1]) if what in forms.EmergencyForm.WHAT else ""


def read_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("Choose one from the list."), path="patient") from None
