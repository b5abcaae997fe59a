"""Signing in with one click, in a demonstration only."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from telemed.audit import services as audit
from telemed.core.errors import NotFound
from telemed.core.intentions import intention
from telemed.demo import accounts
from telemed.people import sessions


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """POST username=…: one of the listed accounts, whose password everybody knows anyway."""
    if not settings.DEMO:
        raise NotFound(_("There is no such page."))
    user = accounts.get_user(request.POST.get("username", ""))
    with intention(user, door="web"):
        audit.record(action="demo.sign_in", target=user)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        sessions.enlist(request)
    return redirect(_wanted(request))


def _wanted(request: HttpRequest) -> str:
    """The page that asked for the sign-in, if it is ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if ours else "/"
