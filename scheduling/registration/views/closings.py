"""Closing a team: who takes whom, how far it came, and who was left without a family doctor."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scheduling.registration import presenting, queries, services
from scheduling.registration.forms import CloseForm, NoteForm, plan_of, read
from scheduling.registration.models import Closing
from scheduling.registration.permissions import may_keep_teams, may_see_left
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_http_methods(["GET", "POST"])
@form_at("contracts:close")
def close(request: SignedIn, team_id: UUID) -> HttpResponse:
    """How many residents there are, village by village, and which team might take them over."""
    _require_keeper(request)
    if request.method == "POST":
        sent = read(CloseForm(request.POST)).cleaned_data
        plan = plan_of(request.POST)
        with intention(request.user, door="web", timeout_ms=20_000):
            closing = services.begin_closing(
                actor=request.user,
                team_id=team_id,
                kind=sent["kind"],
                reason=sent["reason"],
                plan=plan,
                left_reason=sent["left_reason"],
            )
        messages.success(request, _("The team takes nobody now; its residents are handed over."))
        return redirect("contracts:closing", closing.pk)
    with intention(request.user, door="web"):
        team = queries.get_own_team(request.user, team_id)
        if running := queries.closing_now(team):
            return redirect("contracts:closing", running.pk)
        context = {
            "team": team,
            "kinds": Closing.Kind.choices,
            "waiting": queries.waiting_at(team),
            **presenting.villages_of(team),
        }
    return render(request, "registration/close.html", context)


@login_required
@require_safe
def closing(request: SignedIn, closing_id: UUID) -> HttpResponse:
    """How many have a new team, how many none."""
    _require_keeper(request)
    with intention(request.user, door="web"):
        found = queries.get_closing(request.user, closing_id)
        left = queries.count_left(found)
        context = {
            "closing": found,
            "left": left,
            "done": found.moved + left,
            "taken": queries.taken_over_by(found),
        }
    return render(request, "registration/closing.html", context)


@login_required
@require_POST
@form_at("contracts:keep")
def resume(request: SignedIn, team_id: UUID) -> HttpResponse:
    _require_keeper(request)
    with intention(request.user, door="web"):
        services.resume_team(actor=request.user, team_id=team_id)
    messages.success(request, _("The team takes people again."))
    return redirect("contracts:keep", team_id)


@login_required
@require_safe
def left(request: SignedIn) -> HttpResponse:
    """Who has no family doctor because their team closed: the county sees to each of them."""
    require(may_see_left(request.user), _("This list is for the county's coordinators."))
    with intention(request.user, door="web"):
        rows = services.open_left(actor=request.user)
    return render(request, "registration/left.html", {"rows": rows})


@login_required
@require_POST
@form_at("contracts:left")
def settle_left(request: SignedIn, left_id: UUID) -> HttpResponse:
    note = read(NoteForm(request.POST)).cleaned_data["note"]
    with intention(request.user, door="web"):
        services.settle_left(actor=request.user, left_id=left_id, words=note)
    messages.success(request, _("Kept."))
    return redirect("contracts:left")


def _require_keeper(request: SignedIn) -> None:
    said = _("The head and the administrator of a clinic keep its teams.")
    require(may_keep_teams(request.user), said)
