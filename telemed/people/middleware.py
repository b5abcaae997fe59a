"""What the policy asks of an account before it may go on."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

Next = Callable[[HttpRequest], HttpResponse]

# In the session, so that a page does not ask the database each time:
HAS_IT = "second_step"  # whose account has one
ASKED = "second_step_asked"  # whether the rules in force at sign-in ask for one
OPEN = ("/accounts/", "/static/", "/preferences/", "/livez", "/readyz")


class SecondStep:
    """
    Roles that the deployment (`MFA_ROLES`) or the rules of the house name set up a second step
    before anything else. The rules are read at sign-in.

    Removing it later is refused by nobody; the next session asks again. Tokens of the APIs are
    not sessions and are not asked.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_missing(request):
            return self.get_response(request)
        messages.warning(request, _("Your role needs a second step at sign-in. Set it up first."))
        return redirect("mfa_index")

    def is_missing(self, request: HttpRequest) -> bool:
        user = request.user
        if request.path.startswith(OPEN) or not user.is_authenticated:
            return False
        named = getattr(user, "role", "") in settings.MFA_ROLES
        if not named and not request.session.get(ASKED):
            return False
        if request.session.get(HAS_IT) == str(user.pk):
            return False
        if not is_mfa_enabled(user):
            return True
        request.session[HAS_IT] = str(user.pk)
        return False
