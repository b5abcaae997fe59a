"""The thread of a case, and asking again once it is over."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consult.requests import services
from consult.requests.forms import refusal
from telemed.core import idempotency
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


class MessageForm(forms.Form):
    """A message of the thread; `key` makes what is sent twice one message."""

    text = forms.CharField(required=False, strip=False)
    for_coordinators = forms.BooleanField(required=False)
    key = forms.CharField(required=False, max_length=80)


@login_required
@form_at("requests:case")
@require_POST
def write(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Write to the other side. What is sent again under its key is one message."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        raise refusal(form)
    sent = form.cleaned_data
    text, for_coordinators = sent["text"], sent["for_coordinators"]
    name, body = f"message:{sent['key']}", [str(case_id), text, for_coordinators]
    with intention(request.user, door="web"):
        known = idempotency.remembered(key=name, body=body) if sent["key"] else None
        if known is None:
            message = services.write_message(
                actor=request.user, case_id=case_id, text=text, for_coordinators=for_coordinators
            )
            if sent["key"]:
                idempotency.keep(key=name, answer=str(message.pk))
    there = f"{reverse('requests:case', args=[case_id])}#thread"
    return redirect(there) if request.accepts("text/html") else JsonResponse({"url": there})


@login_required
@form_at("requests:case")
@require_POST
def ask_again(request: SignedIn, case_id: UUID) -> HttpResponse:
    """A new request that replaces this one, filled in with what it said."""
    with intention(request.user, door="web"):
        draft = services.ask_again(actor=request.user, case_id=case_id)
    messages.success(request, _("Filled in from the former consult; say what is new."))
    return redirect("requests:edit", draft.pk)
