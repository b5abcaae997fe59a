"""The board of live rooms."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from consult.rooms import board as boards
from consult.rooms import services
from consult.rooms.permissions import may_watch
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_GET
def board(request: SignedIn) -> HttpResponse:
    """/rooms/?before=…: a coordinator watches; `part` is what stands for what others do."""
    with intention(request.user, door="web"):
        require(may_watch(request.user), _("Only coordinators watch the rooms."))
        found = boards.board(request.user, before=request.GET.get("before", ""))
    part = request.GET.get("part") == "board"
    template = "rooms/_board.html" if part else "rooms/board.html"
    return render(request, template, {"board": found, "before": request.GET.get("before", "")})


@login_required
@require_POST
def call(request: SignedIn, room_id: UUID) -> HttpResponse:
    """Tell both sides that a doctor is missing."""
    with intention(request.user, door="web"):
        count = services.call_missing(actor=request.user, room_id=room_id)
    if count:
        told = ngettext("{n} person was told.", "{n} people were told.", count).format(n=count)
    else:
        told = _("They were told already; nobody is told twice while the same doctor is missing.")
    messages.success(request, told)
    return redirect("rooms:board")
