"""What needs me, what others have in hand, and all cases."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from consult.requests import presenting, queries
from consult.requests.models import Status
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn

PAGE = 30


def home(request: SignedIn) -> HttpResponse:
    """The first page of doctors and coordinators: what needs me now, soonest first."""
    with intention(request.user, door="web"):
        context = presenting.board(request.user, request.GET.get("column", ""))
    template = (
        "requests/_board.html" if request.GET.get("part") == "board" else "requests/home.html"
    )
    if request.user.role == Role.COORDINATOR and template == "requests/home.html":
        template = "requests/coordinator.html"
    return render(request, template, context)


@login_required
@require_GET
def case_list(request: SignedIn) -> HttpResponse:
    """Every case this account may know of, newest first, by state."""
    status = request.GET.get("status", "")
    status = status if status in Status.values else ""
    with intention(request.user, door="web"):
        found = queries.find_cases(
            request.user, status=status, before=_cursor(request), limit=PAGE + 1
        )
        rows = [presenting.row(request.user, case) for case in found[:PAGE]]
    context = {
        "rows": rows,
        "status": status,
        "statuses": Status.choices,
        "next": str(found[PAGE - 1].pk) if len(found) > PAGE else "",
    }
    return render(request, "requests/list.html", context)


def _cursor(request: HttpRequest) -> str:
    """The id after which the page starts; anything else starts at the top."""
    before = request.GET.get("before", "")
    return before if len(before) == 36 and before.replace("-", "").isalnum() else ""
