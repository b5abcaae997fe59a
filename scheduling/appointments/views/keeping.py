"""Tickets on a resident's own phone: the page about nobody that shows them, and what seals them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scheduling.appointments import services
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn
from telemed.web.context import BARE


@login_required
@require_safe
def kit(request: SignedIn) -> HttpResponse:
    """Where no page can be had: what is kept on the device is drawn into it."""
    require(request.user.role == Role.RESIDENT, _("Tickets are kept by residents."))
    return render(request, "appointments/kit.html", {"kit": True, "frame": BARE})


@login_required
@never_cache
@require_safe
def seal(request: SignedIn) -> HttpResponse:
    with intention(request.user, door="web"):
        key = services.seal_of(actor=request.user)
    return JsonResponse({"key": key})
