"""Entering guardians and proxies, households, newborns and health cards."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from records.family import forms, queries, services
from records.mpi import queries as index
from records.mpi.models import Patient
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.web import refused

Make = Callable[[Any], forms.FamilyForm]


@login_required
@form_at("family:add")
@require_http_methods(["GET", "POST"])
def add(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """Somebody acts for this person from now on."""
    if request.method == "GET":
        return _page(request, patient_id, "family/add.html", forms.DelegateForm)
    form = _checked(forms.DelegateForm(request.POST))
    with intention(request.user, door="web"):
        relation = services.add_delegate(
            actor=request.user, patient_id=patient_id, **form.cleaned_data
        )
    messages.success(request, _("{who} acts for them now.").format(who=relation.delegate.masked))
    return redirect("chart:patient", patient_id)


@login_required
@form_at("family:end")
@require_http_methods(["GET", "POST"])
def end(request: SignedIn, patient_id: UUID, relation_id: UUID) -> HttpResponse:
    """Somebody acts for this person no more."""
    if request.method == "GET":
        with intention(request.user, door="web"):
            patient = services.open_family(actor=request.user, patient_id=patient_id)
            relation = index.get_relation(patient, relation_id)
        more = {"relation": relation}
        return _page(request, patient_id, "family/end.html", forms.EndForm, **more)
    form = _checked(forms.EndForm(request.POST))
    with intention(request.user, door="web"):
        services.end_delegate(
            actor=request.user,
            patient_id=patient_id,
            relation_id=relation_id,
            **form.cleaned_data,
        )
    messages.success(request, _("Ended."))
    return redirect("chart:patient", patient_id)


@login_required
@form_at("family:household")
@require_http_methods(["GET", "POST"])
def household(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """A new household with this person as head, or one more who lives there."""
    with intention(request.user, door="web"):
        patient = services.open_family(actor=request.user, patient_id=patient_id)
        members = index.household_of(patient)
    make = forms.JoinForm if members else forms.FoundForm
    if request.method == "GET":
        initial = {"address": patient.address}
        return _page(
            request,
            patient_id,
            "family/household.html",
            lambda data: make(data, initial=initial),
            members=members,
            here=request.user.acting_organisation.division,
        )
    form = _checked(make(request.POST))
    with intention(request.user, door="web"):
        services.settle(actor=request.user, patient_id=patient_id, **form.cleaned_data)
    messages.success(request, _("Kept."))
    return redirect("chart:patient", patient_id)


@login_required
@form_at("family:leave")
@require_http_methods(["GET", "POST"])
def leave(request: SignedIn, patient_id: UUID, member_id: UUID) -> HttpResponse:
    """Somebody lives there no more."""
    with intention(request.user, door="web"):
        patient = services.open_family(actor=request.user, patient_id=patient_id)
        member = queries.get_member(patient, member_id)
        others = [m.person for m in index.household_of(patient) if m.pk != member_id]
    followers = [(str(p.pk), p.masked) for p in others] if member.is_head else []

    def make(data: Any) -> forms.LeaveForm:
        today = {"left_on": timezone.localdate()}
        return forms.LeaveForm(data, initial=today, followers=followers)

    if request.method == "GET":
        return _page(request, patient_id, "family/leave.html", make, member=member)
    form = _checked(make(request.POST))
    with intention(request.user, door="web"):
        services.move_out(
            actor=request.user, patient_id=patient_id, member_id=member_id, **form.cleaned_data
        )
    messages.success(request, _("Kept."))
    return redirect("chart:patient", patient_id)


@login_required
@form_at("family:newborn")
@require_http_methods(["GET", "POST"])
def newborn(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """A child that this person bore, under a temporary number."""
    if request.method == "GET":
        with intention(request.user, door="web"):
            mother = services.open_family(actor=request.user, patient_id=patient_id)
            order = queries.next_order(mother)
        initial = {"birth_date": timezone.localdate(), "birth_order": order}
        return _page(
            request,
            patient_id,
            "family/newborn.html",
            lambda data: forms.NewbornForm(data, initial=initial),
        )
    form = _checked(forms.NewbornForm(request.POST))
    with intention(request.user, door="web"):
        child = services.bear(actor=request.user, patient_id=patient_id, **form.cleaned_data)
    messages.success(request, _("Registered: {who}").format(who=child.masked))
    return redirect("chart:patient", child.pk)


@login_required
@form_at("family:health_card")
@require_http_methods(["GET", "POST"])
def health_card(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """The card that this person holds now."""
    if request.method == "GET":
        return _page(request, patient_id, "family/health_card.html", forms.CardForm)
    form = _checked(forms.CardForm(request.POST))
    with intention(request.user, door="web"):
        card = services.give_card(
            actor=request.user, patient_id=patient_id, number=form.cleaned_data["health_card"]
        )
    messages.success(request, _("Health card kept: {number}").format(number=card.masked))
    return redirect("chart:patient", patient_id)


@login_required
@form_at("family:death")
@require_http_methods(["GET", "POST"])
def death(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """They died: what is booked for them, their contract and messages to them end."""
    if request.method == "GET":
        with intention(request.user, door="web"):
            patient = services.open_family(actor=request.user, patient_id=patient_id)
        more = {"death": index.death_of(patient)}
        return _page(request, patient_id, "family/death.html", forms.DeathForm, **more)
    form = _checked(forms.DeathForm(request.POST))
    with intention(request.user, door="web"):
        services.enter_death(actor=request.user, patient_id=patient_id, **form.cleaned_data)
    messages.success(request, _("Entered. Their bookings and contract end now."))
    return redirect("chart:patient", patient_id)


@login_required
@form_at("family:undo_death")
@require_http_methods(["GET", "POST"])
def undo_death(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """That they died was a mistake."""
    if request.method == "GET":
        return _page(request, patient_id, "family/undo_death.html", forms.UndoDeathForm)
    form = _checked(forms.UndoDeathForm(request.POST))
    with intention(request.user, door="web"):
        services.undo_death(actor=request.user, patient_id=patient_id, **form.cleaned_data)
    messages.success(request, _("Taken back. What had ended stays ended."))
    return redirect("chart:patient", patient_id)


def _checked(form: forms.FamilyForm) -> forms.FamilyForm:
    if not form.is_valid():
        raise form.refusal()
    return form


def _page(
    request: SignedIn, patient_id: UUID, template: str, make: Make, **more: Any
) -> HttpResponse:
    """The form, empty or as it was refused: each field with what is wrong with it."""
    with intention(request.user, door="web"):
        patient: Patient = services.open_family(actor=request.user, patient_id=patient_id)
        card = queries.card_of(patient)
    refusal = refused.find(request)
    form = make(refusal.data if refusal else None)
    if refusal and form.is_valid():
        form.add_error(refusal.path if refusal.path in form.fields else None, refusal.text)
    context = {"form": form, "patient": patient, "health_card": card, **more}
    return render(request, template, context)
