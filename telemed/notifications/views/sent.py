"""What would have reached a phone or a mailbox. In a demonstration only."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from telemed.core.intentions import intention
from telemed.notifications import tracing
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def sent(request: SignedIn) -> HttpResponse:
    with intention(request.user, door="web"):
        found = tracing.sent_messages()
    return render(request, "notifications/sent.html", {"sent": found})
