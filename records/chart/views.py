"""The patient page, its long lists, and why one may see it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from records.chart import queries, sections
from records.chart.cards import Card, attempt
from records.chart.services import Opened, open_chart
from records.consent import access
from records.consent.queries import get_patient
from records.consent.reasons import in_words
from records.mpi.models import Patient
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

ACTIONS = {
    "read": gettext_lazy("read the record"),
    "write": gettext_lazy("add to the record"),
    "ask": gettext_lazy("ask for a consult"),
}


@login_required
@require_safe
@never_cache
def patient(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """
    The record on one page.

    The opening is committed first. The cards are then read outside it, each statement by itself,
    so that one that fails takes neither the others nor the trace with it.
    """
    actor = request.user
    with intention(actor, door="web"):
        opened = open_chart(actor=actor, patient_id=patient_id)
        may_add = actor.is_clinical and access.decide(actor, "write", opened.patient).allowed
    about, chart = opened.patient, queries.Chart(opened.patient)
    with access.remembering():
        context = {
            "patient": about,
            "banner": queries.banner_for(actor, chart, opened.reasons),
            "overview": queries.overview_of(actor, about, chart),
            "may_add": may_add,
            "acts": _contributed(request, about, sections.Place.ACTS),
            "contributed": _contributed(request, about, sections.Place.CARD),
            "data_until": chart.data_until,
        }
        return render(request, "chart/patient.html", context)


def _contributed(
    request: SignedIn, patient: Patient, place: sections.Place
) -> list[tuple[sections.Section, Card[str]]]:
    """What the slices above say here, rendered; a part that fails says so in its place."""

    def show(section: sections.Section) -> str:
        context = section.context(request.user, patient)
        if context is None:
            return ""
        return render_to_string(section.template, {"patient": patient, **context}, request)

    shown = [(s, attempt(s.name, partial(show, s))) for s in sections.placed(place)]
    return [(section, card) for section, card in shown if card.content or card.failed]


@login_required
@require_safe
@never_cache
def results(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """Every measurement of one kind, or of all, newest first."""
    code, before = request.GET.get("code", ""), request.GET.get("before", "")
    opened = _open(request, patient_id)
    page = queries.results_page(opened.patient, code, before)
    context = _about(request, opened) | {"page": page, "code": code}
    return render(request, "chart/results.html", context)


@login_required
@require_safe
@never_cache
def timeline(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """Every visit, report, procedure and immunisation, newest first."""
    opened = _open(request, patient_id)
    page = queries.events_page(opened.patient, request.GET.get("before", ""))
    return render(request, "chart/timeline.html", _about(request, opened) | {"page": page})


@login_required
@require_safe
def why(request: SignedIn, patient_id: UUID) -> HttpResponse:
    """Why may I see this: what decides, in words."""
    actor = request.user
    with intention(actor, door="web"):
        known = get_patient(actor, patient_id)
        decisions = {action: access.decide(actor, action, known) for action in ACTIONS}
    granted = [
        (ACTIONS[action], in_words(decision.reasons))
        for action, decision in decisions.items()
        if decision.allowed
    ]
    refused = [ACTIONS[action] for action, decision in decisions.items() if not decision.allowed]
    context = {"patient": known, "granted": granted, "refused": refused}
    return render(request, "chart/why.html", context)


def _open(request: SignedIn, patient_id: UUID) -> Opened:
    with intention(request.user, door="web"):
        return open_chart(actor=request.user, patient_id=patient_id)


def _about(request: SignedIn, opened: Opened) -> dict[str, Any]:
    chart = queries.Chart(opened.patient, queries.BANNER)
    banner = queries.banner_for(request.user, chart, opened.reasons)
    return {"patient": opened.patient, "banner": banner}
