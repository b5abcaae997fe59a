"""The sending side: refer, send on, withdraw, answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from records.chart import queries as chart
from records.consent.queries import get_patient
from scheduling.referrals import presenting, services
from scheduling.referrals.forms import (
    AgainForm,
    DownForm,
    MissedForm,
    NewForm,
    ReasonForm,
    SendForm,
    TextForm,
    checked,
)
from scheduling.referrals.permissions import may_refer, may_send_down
from telemed.core.doors import form_at
from telemed.core.errors import NotFound, require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def new(request: SignedIn) -> HttpResponse:
    """To which department, why, and what the patient says; what is known is filled in."""
    asked = NewForm(request.GET)
    wanted = asked.cleaned_data if asked.is_valid() else {}
    if not wanted.get("patient"):
        raise NotFound(_("Not found, or not yours to know of."))
    with intention(request.user, door="web"):
        patient = get_patient(request.user, wanted["patient"])
        require(
            may_refer(request.user, patient), _("Only a doctor who treats the patient refers them.")
        )
        context = presenting.form(
            request.user.acting_organisation, patient, specialty=wanted["specialty"]
        )
        context["banner"] = chart.banner_of(request.user, patient)
    context["action"] = reverse("referrals:send", args=[patient.pk])
    context["doors"] = "referrals:send"
    return render(request, "referrals/new.html", context)


@login_required
@require_POST
def send(request: SignedIn, patient_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)
        sent = services.send(
            actor=request.user, patient=patient, wish=SendForm(request.POST).wish()
        )
    messages.success(request, _("The hospital is asked."))
    return redirect("referrals:referral", sent.pk)


@login_required
@require_safe
def new_down(request: SignedIn) -> HttpResponse:
    """To which clinic, what for, what was found, and what is to be done there."""
    asked = NewForm(request.GET)
    wanted = asked.cleaned_data.get("patient") if asked.is_valid() else None
    if not wanted:
        raise NotFound(_("Not found, or not yours to know of."))
    with intention(request.user, door="web"):
        patient = get_patient(request.user, wanted)
        may = may_send_down(request.user, patient)
        require(may, _("Only a doctor of the hospital sends a patient down."))
        context = presenting.form_down(request.user.acting_organisation, patient)
        context["banner"] = chart.banner_of(request.user, patient)
    return render(request, "referrals/new_down.html", context)


@login_required
@require_POST
def send_down(request: SignedIn, patient_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        patient = get_patient(request.user, patient_id)
        form = DownForm(request.POST)
        sent = services.send_down(
            actor=request.user,
            patient=patient,
            wish=form.wish(),
            purpose=form.cleaned_data["purpose"],
            hand_over=form.hand_over(request.POST),
        )
    messages.success(request, _("The clinic is asked."))
    return redirect("referrals:referral", sent.pk)


@login_required
@form_at("referrals:referral")
@require_POST
def send_again(request: SignedIn, referral_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        sent = checked(AgainForm(request.POST))
        services.send_again(
            actor=request.user,
            referral_id=referral_id,
            department_id=sent["department"],
            keeps_place=sent["place"],
        )
    messages.success(request, _("The hospital is asked."))
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def cancel(request: SignedIn, referral_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        reason = checked(ReasonForm(request.POST))["reason"]
        services.cancel(actor=request.user, referral_id=referral_id, reason=reason)
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def undo_send(request: SignedIn, referral_id: UUID) -> HttpResponse:
    """Sent by mistake, a moment ago."""
    with intention(request.user, door="web"):
        services.undo_send(actor=request.user, referral_id=referral_id)
    messages.success(request, _("It was taken back."))
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def reply(request: SignedIn, referral_id: UUID) -> HttpResponse:
    """The answer to what the hospital asked."""
    with intention(request.user, door="web"):
        text = checked(TextForm(request.POST))["text"]
        services.answer(actor=request.user, referral_id=referral_id, text=text)
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def answer_missed(request: SignedIn, referral_id: UUID) -> HttpResponse:
    """What became of a patient who did not arrive."""
    with intention(request.user, door="web"):
        sent = checked(MissedForm(request.POST))
        services.answer_missed(actor=request.user, referral_id=referral_id, **sent)
    return redirect("referrals:referral", referral_id)
