"""Who signs out at a shared desk has no place there any more."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from telemed.core.intentions import intention
from telemed.desks import services
from telemed.people.models import User

COOKIE = "desk"  # of a browser that several people use
Next = Callable[[HttpRequest], HttpResponse]


class SignOutGivesUpThePlace:
    """Leaving the desk for now is another button; signing out is for good."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request.COOKIES.get(COOKIE, "")
        signs_out = request.method == "POST" and request.path == reverse("account_logout")
        user = request.user if token and signs_out and request.user.is_authenticated else None
        response = self.get_response(request)
        if isinstance(user, User) and not request.user.is_authenticated:
            with intention(user, door="web"):
                services.leave_on_sign_out(user=user, token=token)
        return response
