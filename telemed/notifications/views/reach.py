"""How I want to be reached, and proof of my number and address."""

from django.contrib import messages as toasts
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from telemed.core.errors import Unavailable
from telemed.core.intentions import intention
from telemed.notifications import gateways, queries, services
from telemed.notifications.forms import AddressForm, CodeForm, ReachForm, cleaned
from telemed.notifications.models import Channel
from telemed.notifications.services.preferring import WrongCode
from telemed.people.sessions import SignedIn


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: SignedIn) -> HttpResponse:
    """The page; POST keeps the choices."""
    user = request.user
    with intention(user, door="web"):
        preference = queries.preference_of(user)
        asked = {channel: queries.find_code(user, channel) for channel in queries.VERIFIABLE}
    form = ReachForm(request.POST or None, instance=preference)
    if request.method == "POST" and form.is_valid():
        with intention(user, door="web"):
            services.set_reach(actor=user, **form.cleaned_data)
        toasts.success(request, _("Kept."))
        return redirect("notifications:reach")
    phone, email = asked[Channel.SMS], asked[Channel.EMAIL]
    context = {
        "form": form,
        "ways": [
            {
                "channel": Channel.SMS,
                "title": _("Mobile number"),
                "address": user.phone,
                "verified": bool(user.phone) and user.phone_verified,
                "asked": phone,
                "kind": "tel",
            },
            {
                "channel": Channel.EMAIL,
                "title": _("E-mail address"),
                "address": user.email,
                "verified": bool(user.email) and user.email == preference.verified_email,
                "asked": email,
                "kind": "email",
            },
        ],
    }
    return render(request, "notifications/reach.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def ask_code(request: SignedIn) -> HttpResponse:
    """A code goes to the number or address; the wire is used between two intentions."""
    given = cleaned(AddressForm(request.POST))
    with intention(request.user, door="web"):
        outgoing = services.start_code(actor=request.user, **given)
    try:
        gateways.send(outgoing)
    except (gateways.Refused, gateways.Down):
        raise Unavailable(_("The code could not be sent. Try again in a minute.")) from None
    with intention(request.user, door="web"):
        services.mark_code_sent(key=outgoing.key)
    toasts.success(request, _("A code is on its way. It is good for five minutes."))
    return redirect("notifications:reach")


@login_required
@require_POST
def confirm(request: SignedIn) -> HttpResponse:
    """The code came back."""
    given = cleaned(CodeForm(request.POST))
    try:
        with intention(request.user, door="web"):
            services.confirm_code(actor=request.user, **given)
    except WrongCode:
        with intention(request.user, door="web"):
            services.note_wrong_code(actor=request.user, channel=given["channel"])
        raise
    toasts.success(request, _("Verified."))
    return redirect("notifications:reach")
