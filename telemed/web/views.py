"""Home, the switches of the shell, and acting for another institution."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from telemed.core.errors import Invalid, NotFound
from telemed.core.intentions import intention
from telemed.organisations.models import Organisation
from telemed.organisations.views.places import overview
from telemed.people import services
from telemed.people.sessions import SignedIn
from telemed.web import glances, homes, kits, needs, preferences
from telemed.web.error_pages import wants_json
from telemed.web.forms import PreferenceForm


@login_required
def home(request: SignedIn) -> HttpResponse:
    """The home of the acting role, which a slice registers; else where one can go from here."""
    return homes.open_home(request, request.user.role, default=places)


@require_safe
def administrator(request: SignedIn) -> HttpResponse:
    """The authority's sees the province; an institution's own what waits for them, and whereto."""
    if request.user.acting_organisation.kind == Organisation.Kind.AUTHORITY:
        return overview(request)
    comes = _(
        "Agreements and licences that end, statements to export and possible doubles appear here by"
        " themselves."
    )
    return _waiting(request, comes)


@require_safe
def head(request: SignedIn) -> HttpResponse:
    """What waits for who signs for an institution, and whereto."""
    comes = _(
        "Agreements to be signed or that end, teams without a leader and sessions to be stopped"
        " appear here by themselves."
    )
    return _waiting(request, comes)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    return render(request, "web/places.html")


@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    """Language, theme, large type: kept on this device, and with the account if there is one."""
    form = PreferenceForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("There is no such setting."), path=next(iter(form.errors)))
    if request.user.is_authenticated:
        with intention(request.user, door="web"):
            services.set_preferences(actor=request.user, **form.cleaned_data)
    response = HttpResponse(status=204) if wants_json(request) else redirect(_back(request))
    preferences.remember(response, **form.cleaned_data)
    return response


@login_required
@require_POST
def act(request: SignedIn, role_id: UUID) -> HttpResponse:
    """Go on as another role at another institution, from its home."""
    with intention(request.user, door="web"):
        services.act_as(actor=request.user, role_id=role_id)
    return redirect("web:home")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that hands out kept pages where none can be had; it serves the whole house."""
    context = {"kits": kits.for_the_worker()}
    answer = render(request, "web/worker.js", context, content_type="text/javascript")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Every part in every state, to be looked at; not in production."""
    if not (settings.DEMO or settings.DEBUG):
        raise NotFound("")
    now = timezone.now()
    shown = [
        ("routine", 185, 240),
        ("routine", 20, 240),
        ("emergency", 4, 5),
        ("emergency", -12, 5),
    ]
    minute = timedelta(minutes=1)
    clocks = [
        {"kind": kind, "due": now + left * minute, "start": now + (left - of) * minute}
        for kind, left, of in shown
    ]
    context = {
        "clocks": clocks,
        "took": timedelta(seconds=161),
        "limit": timedelta(minutes=5),
        "form": PreferenceForm({"language": "?"}),
    }
    return render(request, "web/looks.html", context)


def _waiting(request: SignedIn, comes: str) -> HttpResponse:
    """`comes`: what would stand there, where nothing does."""
    with intention(request.user, door="web"):
        waiting, seen = needs.needs_of(request.user), glances.glances_of(request.user)
    context = {"waiting": waiting, "comes": comes, "glances": seen}
    return render(request, "web/waiting.html", context)


def _back(request: HttpRequest) -> str:
    """Where the form came from, if that is one of our own pages."""
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return back if ours and back.startswith("/") else "/"
