"""What needs me, what others have in hand, and all cases."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from consult.requests import forms, presenting, queries, services
from consult.requests.models import Grade, Kind, Status
from consult.requests.presenting.boards import OVERSEEING
from telemed.core.doors import form_at
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn
from telemed.web import needs

PAGE = 30


def home(request: SignedIn) -> HttpResponse:
    """The first page of doctors, coordinators and who stands behind them: what needs me now."""
    with intention(request.user, door="web"):
        context = presenting.board(request.user, request.GET.get("column", ""))
        context["also"] = needs.needs_of(request.user)
    template = (
        "requests/_board.html" if request.GET.get("part") == "board" else "requests/home.html"
    )
    if request.user.role in OVERSEEING and template == "requests/home.html":
        template = "requests/coordinator.html"
    return render(request, template, context)


@login_required
@require_GET
def case_list(request: SignedIn) -> HttpResponse:
    """Every case this account may know of, newest first; the filters stand in the address."""
    wanted = forms.ListForm(request.GET).wanted()
    assigns = request.user.role == Role.COORDINATOR
    with intention(request.user, door="web"):
        found = queries.find_cases(request.user, wanted, limit=PAGE + 1)
        rows = [presenting.row(request.user, case) for case in found[:PAGE]]
        doctors = (
            queries.named_doctors_of(request.user.acting_organisation)
            if assigns and any(row.assignable for row in rows)
            else []
        )
    address = request.GET.copy()
    address.pop("before", None)
    context = {
        "rows": rows,
        "wanted": wanted,
        "status": wanted.status,
        "statuses": [c for c in Status.choices if c[0] != Status.ARCHIVED],
        "kinds": Kind.choices,
        "grades": Grade.choices,
        "turns": queries.Turn.choices,
        "doctors": doctors,
        "address": address.urlencode(),
        "next": str(found[PAGE - 1].pk) if len(found) > PAGE else "",
    }
    return render(request, "requests/list.html", context)


@login_required
@form_at("requests:list")
@require_POST
def assign_many(request: SignedIn) -> HttpResponse:
    """The coordinator asks one doctor about several cases."""
    form = forms.AssignManyForm(request.POST)
    if not form.is_valid():
        raise forms.refusal(form)
    with intention(request.user, door="web"):
        services.assign_cases(
            actor=request.user,
            case_ids=form.cleaned_data["cases"],
            doctor_id=form.cleaned_data["doctor"],
        )
    return redirect("requests:list")
