"""One contract: where it stands, its text, and what can be done with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scheduling.appointments.views.showing import show
from scheduling.registration import presenting, promises, queries, services
from scheduling.registration.forms import (
    AgreeForm,
    EndForm,
    RejectForm,
    SignForm,
    YearsForm,
    read,
)
from scheduling.registration.models import Status
from scheduling.registration.views.signing_up import HOME
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def contract(request: SignedIn, contract_id: UUID) -> HttpResponse:
    """On a resident's own screen this is also the reading of the text."""
    look = services.open_text if request.user.role == Role.RESIDENT else services.open_contract
    with intention(request.user, door="web"):
        found = look(actor=request.user, contract_id=contract_id)
        acts = presenting.acts_on(request.user, found)
        context: dict[str, Any] = {
            "contract": found,
            "acts": acts,
            "stages": presenting.stages_of(found),
            "kept": promises.kept_by([found.team])[found.team_id],
            "beside": presenting.beside(request.user, found.team, found.patient),
            "due": queries.deadlines_of([found]).get(found.pk),
            "form_mates": queries.same_form(request.user, found),
            "member": queries.is_member(request.user, found.team),
            "limits": presenting.limits_of(found),
            "named": presenting.services_of(found),
        }
        if acts.may_review:
            context |= {
                "doctors": presenting.doctors_of(found),
                "groups": presenting.groups_shown(request.user, found),
                "rejections": presenting.rejections(),
            }
    return show(request, "registration/contract", found.patient, [], HOME, **context)


@login_required
@require_POST
@form_at("contracts:contract")
def sign(request: SignedIn, contract_id: UUID) -> HttpResponse:
    """Then the next of the same form that waits for a signature here."""
    form = read(SignForm(request.POST, request.FILES))
    with intention(request.user, door="web"):
        signed = services.sign(
            actor=request.user,
            contract_id=contract_id,
            signature=form.picture(),
            relation_id=form.cleaned_data["under"],
            read_aloud=form.cleaned_data["read_aloud"],
        )
        others = queries.same_form(request.user, signed)
    following = next((one for one in others if one.status == Status.AGREED), None)
    messages.success(request, _("Signed with {team}.").format(team=signed.team.name))
    return redirect("contracts:contract", following.pk if following else signed.pk)


@login_required
@require_POST
@form_at("contracts:contract")
def sign_own(request: SignedIn, contract_id: UUID) -> HttpResponse:
    """Of who turned eighteen under a guardian's signature."""
    form = read(SignForm(request.POST, request.FILES))
    with intention(request.user, door="web"):
        services.sign_own(
            actor=request.user,
            contract_id=contract_id,
            signature=form.picture(),
            has_read=form.cleaned_data["has_read"],
        )
    messages.success(request, _("Signed. The contract is yours now."))
    return redirect("contracts:contract", contract_id)


@login_required
@require_POST
@form_at("contracts:contract")
def withdraw(request: SignedIn, contract_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.withdraw(actor=request.user, contract_id=contract_id)
    messages.success(request, _("The application was taken back."))
    return redirect("contracts:contract", contract_id)


@login_required
@require_POST
@form_at("contracts:contract")
def end(request: SignedIn, contract_id: UUID) -> HttpResponse:
    sent = read(EndForm(request.POST)).cleaned_data
    with intention(request.user, door="web"):
        services.end(
            actor=request.user,
            contract_id=contract_id,
            because=sent["because"],
            note=sent["note"],
        )
    messages.success(request, _("The contract has ended."))
    return redirect("contracts:contract", contract_id)


@login_required
@require_POST
@form_at("contracts:contract")
def renew(request: SignedIn, contract_id: UUID) -> HttpResponse:
    """The next one, which is read and signed on its own page."""
    years = read(YearsForm(request.POST)).cleaned_data["years"]
    with intention(request.user, door="web"):
        new = services.renew(
            actor=request.user, contract_id=contract_id, years=1 if years is None else years
        )
    return redirect("contracts:contract", new.pk)


@login_required
@require_POST
@form_at("contracts:contract")
def open_review(request: SignedIn, contract_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.open_review(actor=request.user, contract_id=contract_id)
    return redirect("contracts:contract", contract_id)


@login_required
@require_POST
@form_at("contracts:contract")
def agree(request: SignedIn, contract_id: UUID) -> HttpResponse:
    """Then back to the list: the next application waits there."""
    doctor = read(AgreeForm(request.POST)).cleaned_data["doctor"]
    with intention(request.user, door="web"):
        agreed = services.agree(actor=request.user, contract_id=contract_id, doctor_id=doctor)
    messages.success(request, _("Agreed; it waits for the signature."))
    return redirect("contracts:contract", agreed.pk)


@login_required
@require_POST
@form_at("contracts:contract")
def reopen(request: SignedIn, contract_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.reopen(actor=request.user, contract_id=contract_id)
    messages.success(request, _("It is being looked at again."))
    return redirect("contracts:contract", contract_id)


@login_required
@require_POST
@form_at("contracts:contract")
def reject(request: SignedIn, contract_id: UUID) -> HttpResponse:
    rejection = read(RejectForm(request.POST)).cleaned_data["rejection"]
    with intention(request.user, door="web"):
        services.reject(actor=request.user, contract_id=contract_id, rejection=rejection)
    messages.success(request, _("Not accepted; the resident is told."))
    return redirect("contracts:desk")


@login_required
@require_POST
@form_at("contracts:contract")
def hand_over(request: SignedIn, contract_id: UUID) -> HttpResponse:
    note = read(EndForm(request.POST)).cleaned_data["note"]
    with intention(request.user, door="web"):
        services.write_hand_over(actor=request.user, contract_id=contract_id, note=note)
    messages.success(request, _("Kept."))
    return redirect("contracts:contract", contract_id)
