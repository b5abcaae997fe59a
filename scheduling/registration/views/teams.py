"""The desk of a team; and the teams and packages as their keepers see them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scheduling.registration import (
    included,
    limited,
    presenting,
    promises,
    queries,
    rules,
    services,
)
from scheduling.registration.forms import (
    LeaveForm,
    MemberForm,
    PackageForm,
    TeamForm,
    limits_of,
    read,
    services_of,
)
from scheduling.registration.models import DOCTORS, Function, Group, Package
from scheduling.registration.permissions import may_keep_teams, may_price
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def desk(request: SignedIn) -> HttpResponse:
    """What waits for the teams of this account, and whom they look after."""
    with intention(request.user, door="web"):
        teams, waiting = services.open_desk(actor=request.user)
        cap = rules.value(rules.CAP, request.user.organisation_id)
        loads = queries.workloads(teams, cap)
        kept = promises.kept_by(teams)
        due = queries.deadlines_of(waiting.applied)
        context = {
            "teams": [(team, loads[team.pk], kept[team.pk]) for team in teams],
            "applied": [(one, due.get(one.pk)) for one in waiting.applied],
            "lists": [
                (_("To be signed"), waiting.agreed),
                (_("To be renewed"), waiting.renewal),
                (_("To be handed over"), waiting.over),
                (_("Signed with the team"), queries.panel_page(teams)),
            ],
            "handed": presenting.to_tell(teams),
        }
    return render(request, "registration/desk.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@form_at("contracts:teams")
def teams(request: SignedIn) -> HttpResponse:
    """The teams of the clinic, how busy they are; and a new one."""
    _require_keeper(request)
    if request.method == "POST":
        sent = read(TeamForm(request.POST)).cleaned_data
        with intention(request.user, door="web"):
            made = services.found_team(
                actor=request.user,
                name=sent["name"],
                leader_id=sent["leader"],
                villages=sent["villages"],
                phone=sent["phone"],
            )
        messages.success(request, _("Kept."))
        return redirect("contracts:keep", made.pk)
    with intention(request.user, door="web"):
        organisation = request.user.acting_organisation
        kept = queries.teams_kept(request.user)
        loads = queries.workloads(kept, rules.value(rules.CAP, organisation.pk))
        context = {
            "rows": [(one, presenting.leader(one), loads[one.pk]) for one in kept],
            "doctors": list(queries.who_can_be(organisation, Function.LEADER)),
            "packages": queries.packages_of(organisation),
        }
    return render(request, "registration/teams.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@form_at("contracts:keep")
def keep(request: SignedIn, team_id: UUID) -> HttpResponse:
    """One team: what is said about it, and who belongs to it."""
    _require_keeper(request)
    if request.method == "POST":
        sent = read(TeamForm(request.POST)).cleaned_data
        with intention(request.user, door="web"):
            services.change_team(
                actor=request.user,
                team_id=team_id,
                villages=sent["villages"],
                phone=sent["phone"],
            )
        messages.success(request, _("Kept."))
        return redirect("contracts:keep", team_id)
    with intention(request.user, door="web"):
        team = queries.get_own_team(request.user, team_id)
        members = list(queries.reread(team).now)  # type: ignore[attr-defined]
        doctors = queries.doctors_of(team)
        context: dict[str, Any] = {
            "team": team,
            "members": members,
            "sizes": queries.panel_sizes(doctors),
            "functions": Function.choices,
            "doctors": [one.value for one in DOCTORS],
            "successors": doctors,
            "colleagues": list(queries.who_can_be(team.organisation, Function.VILLAGE_DOCTOR)),
            "specialists": list(queries.who_can_be(team.organisation, Function.SPECIALIST)[:200]),
            "cap": rules.value(rules.CAP, team.organisation_id),
            "leader": queries.leader_of(team),
            "running": queries.closing_now(team),
        }
    return render(request, "registration/keep.html", context)


@login_required
@require_POST
@form_at("contracts:keep")
def add_member(request: SignedIn, team_id: UUID) -> HttpResponse:
    _require_keeper(request)
    sent = read(MemberForm(request.POST)).cleaned_data
    with intention(request.user, door="web", timeout_ms=20_000):
        services.add_member(
            actor=request.user,
            team_id=team_id,
            function=sent["function"],
            user_id=sent["user"],
            name=sent["name"],
        )
    messages.success(request, _("Kept."))
    return redirect("contracts:keep", team_id)


@login_required
@require_POST
def end_member(request: SignedIn, member_id: UUID) -> HttpResponse:
    _require_keeper(request)
    sent = read(LeaveForm(request.POST)).cleaned_data
    with intention(request.user, door="web"):
        member = services.end_member(
            actor=request.user, member_id=member_id, successor_id=sent["successor"]
        )
    said = _("Kept. {who} goes on with whom they had signed, and hears when all are there.")
    heir = member.successor
    messages.success(request, said.format(who=heir.name) if heir else _("Kept."))
    return redirect("contracts:keep", member.team_id)


@login_required
@require_http_methods(["GET", "POST"])
@form_at("contracts:packages")
def packages(request: SignedIn) -> HttpResponse:
    """The table of contents, prices and shares, county by county."""
    said = _("The administrator of the health authority keeps the packages.")
    require(may_price(request.user), said)
    if request.method == "POST":
        form = read(PackageForm(request.POST))
        with intention(request.user, door="web"):
            services.add_package(
                actor=request.user,
                county=form.cleaned_data["county"],
                content=form.content(limits_of(request.POST), services_of(request.POST)),
            )
        messages.success(request, _("Kept."))
        return redirect("contracts:packages")
    with intention(request.user, door="web"):
        context = {
            "rows": queries.packages_kept(request.user),
            "counties": queries.counties_of(request.user),
            "kinds": Package.Kind.choices,
            "groups": Group.choices,
            "services": [(f"limit-{code}", name) for code, name in limited.services()],
            "nameable": included.services(),
            "named": range(1, included.ROWS + 1),
        }
    return render(request, "registration/packages.html", context)


@login_required
@require_POST
@form_at("contracts:packages")
def end_package(request: SignedIn, package_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.end_package(actor=request.user, package_id=package_id)
    messages.success(request, _("Kept."))
    return redirect("contracts:packages")


def _require_keeper(request: SignedIn) -> None:
    said = _("The head and the administrator of a clinic keep its teams.")
    require(may_keep_teams(request.user), said)
