"""The screens of the waiting room: set up by the desk, and what they show to everybody."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scheduling.appointments import board_words, forms, screens, services
from scheduling.appointments.boards import token_of
from telemed.core import moments
from telemed.core.doors import form_at
from telemed.core.errors import Gone
from telemed.core.intentions import System, intention
from telemed.people.sessions import SignedIn

SCREENS = System("boards")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def boards(request: SignedIn) -> HttpResponse:
    """The desk's list with each screen's link, and a form for another one."""
    if request.method == "POST":
        department_id = forms.read_department(request.POST)
        with intention(request.user, door="web"):
            board = services.open_board(actor=request.user, department_id=department_id)
        return redirect(f"{reverse('booking:boards')}#b-{board.pk}")
    with intention(request.user, door="web"):
        running = services.open_boards(actor=request.user)
        departments = screens.departments_of(request.user.acting_organisation)
    taken = {board.department_id for board in running}
    context = {
        "rows": [(board, _link(request, board.pk)) for board in running],
        "departments": [one for one in departments if one.pk not in taken],
        "whole": None not in taken,
    }
    return render(request, "appointments/boards.html", context)


@login_required
@form_at("booking:boards")
@require_POST
def end(request: SignedIn, board_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.end_board(actor=request.user, board_id=board_id)
    messages.success(request, _("The screen is ended; its link opens nothing any more."))
    return redirect("booking:boards")


@require_safe
def board(request: HttpRequest, token: str) -> HttpResponse:
    """What the screen shows, in both languages; without an account, by its link alone."""
    words, status = board_words.words(), 200
    context: dict[str, Any] = {"words": words, "now": moments.now(), "token": token}
    try:
        with intention(SCREENS, door="web"):
            shown = screens.get_board(token)
            rooms = screens.rooms_of(shown)
        context |= {"board": shown, "rooms": [(room, _late(room)) for room in rooms]}
    except Gone:
        status = 410
    with override(screens.LANGUAGES[0]):
        answer = render(request, "appointments/board.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _late(room: screens.Room) -> board_words.Both | None:
    return board_words.late(room.late) if room.late else None


def _link(request: SignedIn, board_id: UUID) -> str:
    return request.build_absolute_uri(reverse("booking:board", args=[token_of(board_id)]))
