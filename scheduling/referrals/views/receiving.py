"""The receiving side: accept, decline, ask; arrival; hand back."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from scheduling.referrals import services
from scheduling.referrals.forms import (
    AcceptForm,
    DeclineForm,
    HandBackForm,
    NumberForm,
    ReasonForm,
    TextForm,
    checked,
    plan_of,
)
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@form_at("referrals:referral")
@require_POST
def accept(request: SignedIn, referral_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        offer = AcceptForm(request.POST).offer()
        services.accept(actor=request.user, referral_id=referral_id, offer=offer)
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def undo_accept(request: SignedIn, referral_id: UUID) -> HttpResponse:
    """The place is given up before the patient has come."""
    with intention(request.user, door="web"):
        reason = checked(ReasonForm(request.POST))["reason"]
        services.undo_accept(actor=request.user, referral_id=referral_id, reason=reason)
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def decline(request: SignedIn, referral_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        sent = checked(DeclineForm(request.POST))
        services.decline(actor=request.user, referral_id=referral_id, **sent)
    return redirect("referrals:list")


@login_required
@form_at("referrals:referral")
@require_POST
def ask(request: SignedIn, referral_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        text = checked(TextForm(request.POST))["text"]
        services.ask(actor=request.user, referral_id=referral_id, text=text)
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def arrive(request: SignedIn, referral_id: UUID) -> HttpResponse:
    """Who was given a bed stands at the desk with the ID."""
    with intention(request.user, door="web"):
        number = checked(NumberForm(request.POST))["number"]
        services.arrive(actor=request.user, referral_id=referral_id, number=number)
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def begin(request: SignedIn, referral_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.begin(actor=request.user, referral_id=referral_id)
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def discharge(request: SignedIn, referral_id: UUID) -> HttpResponse:
    """Out of the hospital; the hand-back is due soon."""
    with intention(request.user, door="web"):
        services.discharge(actor=request.user, referral_id=referral_id)
    return redirect("referrals:referral", referral_id)


@login_required
@form_at("referrals:referral")
@require_POST
def hand_back(request: SignedIn, referral_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        sent = checked(HandBackForm(request.POST))
        services.hand_back(
            actor=request.user, referral_id=referral_id, items=plan_of(request.POST), **sent
        )
    return redirect("referrals:referral", referral_id)
