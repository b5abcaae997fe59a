"""The way into the line: who is signed in gets a pass for the waiting page."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from scheduling.opening import signed
from telemed.people.sessions import SignedIn
from telemed.web import preferences


@login_required
@require_safe
def enter(request: SignedIn, number: int) -> HttpResponse:
    """A signed cookie and no more: the ticket is taken by the waiting page itself."""
    chosen = preferences.read(request)
    account = signed.Pass(str(request.user.pk), chosen.language, chosen.theme, chosen.large_type)
    answer = redirect(f"/opening/{number}/?in=1")
    answer.set_cookie(
        signed.PASS,
        signed.write_pass(account, request.session.session_key or ""),
        max_age=signed.VALID,
        path="/opening/",
        samesite="Lax",
        secure=settings.HTTPS,
        httponly=True,
    )
    return answer
