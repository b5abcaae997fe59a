"""Doors of one's own account: the signing PIN."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people import forms, queries, signing
from telemed.people.models import User
from telemed.people.refusals import counting_wrong_pins
from telemed.people.sessions import SignedIn


@sensitive_post_parameters()
@login_required
@form_at("people:pin")
@require_http_methods(["GET", "POST"])
def change_pin(request: SignedIn) -> HttpResponse:
    """Another PIN for the key one has; without a key, the page that makes one."""
    only_clinicians(request.user)
    if request.method == "POST":
        wanted = forms.ChangePinForm(request.POST).read()
        with (
            counting_wrong_pins(request.user, door="web"),
            intention(request.user, door="web"),
        ):
            signing.change_pin(user=request.user, pin=wanted["pin"], new=wanted["new_pin"])
        return _done(request, _("The PIN is changed. Sign with the new one from now on."))
    key = queries.find_key(request.user)
    if key is None:
        return redirect("people:new_pin")
    context = {"tries": queries.tries_left(request.user), "locked_until": key.locked_until}
    return render(request, "people/pin.html", context)


@sensitive_post_parameters()
@login_required
@form_at("people:new_pin")
@require_http_methods(["GET", "POST"])
def new_pin(request: SignedIn) -> HttpResponse:
    """A first PIN, or one for a new key after the old was forgotten; the password comes first."""
    only_clinicians(request.user)
    if request.method == "GET":
        return _ask_for_new(request)
    try:
        return _make_new(request)
    except ReauthenticationRequired:
        # Five minutes have passed. Left to itself, allauth would keep the PIN in the session.
        return redirect("people:new_pin")


@reauthentication_required
def _ask_for_new(request: SignedIn) -> HttpResponse:
    return render(request, "people/new_pin.html", {"key": queries.find_key(request.user)})


@reauthentication_required
def _make_new(request: SignedIn) -> HttpResponse:
    wanted = forms.NewPinForm(request.POST).read()
    with intention(request.user, door="web"):
        signing.create_key(user=request.user, pin=wanted["new_pin"])
    return _done(request, _("The PIN is set. You can sign now."))


def _done(request: SignedIn, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("people:pin")


def only_clinicians(user: User) -> None:
    require(user.is_clinical, _("Only doctors sign; this account needs no PIN."))
