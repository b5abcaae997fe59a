"""The way into a new account, for somebody who is not signed in yet."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from telemed.core.errors import DomainError, Gone
from telemed.core.intentions import System, intention
from telemed.staff import links, queries, services
from telemed.staff.forms import PasswordForm

NOBODY = System("invitation")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password; the link dies with it."""
    key, error = links.read(token), None
    with intention(NOBODY, door="web"):
        found = queries.find_invitation(key) if key else None
        invitation = services.require_open(found)
    if request.method == "POST":
        try:
            wanted = PasswordForm(request.POST).read()
            with intention(NOBODY, door="web"):
                services.activate_account(invitation_id=key, password=wanted["password"])
            get_adapter(request).unlock(request, invitation.user)
            messages.success(request, _("Your account is ready. Sign in with your password."))
            return redirect("account_login")
        except Gone:
            raise
        except DomainError as refused:
            error = refused
    context = {"person": invitation.user, "form": PasswordForm(), "error": error}
    response = render(request, "staff/join.html", context, status=422 if error else 200)
    response["Referrer-Policy"] = "no-referrer"  # the address opens the account
    return response
