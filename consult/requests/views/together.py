"""What either side does about a case: ask and answer, find a time, change how urgent it is."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consult.requests import forms, services
from telemed.core.doors import form_at
from telemed.core.errors import Invalid
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@form_at("requests:case")
@require_POST
def ask(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Ask the asking side for more."""
    form = forms.AskForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    wanted = form.cleaned_data
    with intention(request.user, door="web"):
        services.ask_question(
            actor=request.user,
            case_id=case_id,
            fields=wanted["fields_asked"],
            text=wanted["text"],
        )
    return redirect("requests:case", case_id)


@login_required
@require_POST
def answer(request: SignedIn, case_id: UUID, question_id: UUID) -> HttpResponse:
    """Fill in what was asked for, or say why it can't be had."""
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    values = form.values()
    if "studies_sent" in request.POST:
        values["studies"] = [_uuid(value) for value in request.POST.getlist("studies")]
    with intention(request.user, door="web"):
        services.answer_question(
            actor=request.user,
            case_id=case_id,
            question_id=question_id,
            values=values,
            text=form.cleaned_data["text"],
            not_available=form.cleaned_data["not_available"],
        )
    return redirect("requests:case", case_id)


@login_required
@require_POST
def unask(request: SignedIn, case_id: UUID, question_id: UUID) -> HttpResponse:
    """Take a question back."""
    with intention(request.user, door="web"):
        services.withdraw_question(actor=request.user, case_id=case_id, question_id=question_id)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def propose(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Name a time to meet."""
    form = forms.TimeForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    wanted = form.cleaned_data
    with intention(request.user, door="web"):
        services.propose_time(
            actor=request.user,
            case_id=case_id,
            starts_at=wanted["starts_at"],
            half_hours=wanted["half_hours"] or 1,
        )
    return redirect("requests:case", case_id)


@login_required
@require_POST
def agree(request: SignedIn, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Agree to the time that the other side named."""
    with intention(request.user, door="web"):
        services.agree_time(actor=request.user, case_id=case_id, meeting_id=meeting_id)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def mode(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Meet in a room, or answer in writing."""
    form = forms.ModeForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.switch_mode(actor=request.user, case_id=case_id, **form.cleaned_data)
    return redirect("requests:case", case_id)


@login_required
@form_at("requests:case")
@require_POST
def regrade(request: SignedIn, case_id: UUID) -> HttpResponse:
    """More, or less, urgent."""
    form = forms.RegradeForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.regrade_case(actor=request.user, case_id=case_id, **form.cleaned_data)
    return redirect("requests:case", case_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("Choose one from the list."), path="studies") from None
