"""Finding a team and applying: on the phone, or at the clinic for somebody who is there."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scheduling.appointments.views.showing import person_of, show
from scheduling.registration import presenting, promises, queries, rules, services
from scheduling.registration.forms import ApplyForm, read
from scheduling.registration.models import Because
from telemed.core.intentions import intention
from telemed.people.models import Role
from telemed.people.sessions import SignedIn

HOME = "contracts:home"
CHANGES = [Because.MOVED, Because.TEAM_CLOSED, Because.COMPLAINT]


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """With whom one is signed; else the teams near, how busy each is, and nothing invented."""
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        # The desk enters an application; what the person has signed is not its to read.
        reads = patient if request.user.role != Role.DESK else None
        newest = queries.newest_of(reads) if reads else None
        looks = newest is None or "change" in request.GET
        text = request.GET.get("q", "").strip()[:60]
        teams, more = (
            presenting.teams_for(request.user, patient, text) if patient and looks else ([], False)
        )
        earlier = queries.contracts_of(reads) if reads else []
    context = {
        "newest": newest,
        "teams": teams,
        "text": text,
        "more": more,
        "looks": looks,
        "earlier": [one for one in earlier if newest is None or one.pk != newest.pk],
    }
    return show(request, "registration/home", patient, people, HOME, **context)


@login_required
@require_safe
def team(request: SignedIn, team_id: UUID) -> HttpResponse:
    """Who is in the team, what the packages contain and cost, and for whom the form is."""
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        found = queries.get_team(team_id)
        house = presenting.household(request.user, patient, people, found) if patient else []
        load = queries.workloads([found], rules.value(rules.CAP, found.organisation_id))
        context = {
            "team": found,
            "members": getattr(found, "now", []),
            "load": load[found.pk],
            "kept": promises.kept_by([found])[found.pk],
            "beside": presenting.beside(request.user, found, patient),
            "packages": queries.packages_of(found.organisation),
            "house": house,
            "current": queries.current_of(patient) if patient else None,
            "early": queries.ended_early(patient, found) if patient else None,
            "answers_in": rules.working_days(rules.REVIEW, found.organisation_id),
            "by_paper": request.user.role == Role.DESK,
            "changes": [(one.value, one.label) for one in CHANGES],
        }
    return show(request, "registration/team", patient, people, HOME, **context)


@login_required
@require_POST
def apply(request: SignedIn, team_id: UUID) -> HttpResponse:
    form = read(ApplyForm(request.POST, request.FILES))
    sent = form.cleaned_data
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        wanted = request.POST.getlist("people")
        chosen = presenting.chosen(request.user, patient, people, wanted)
        [first, *_others] = services.apply(
            actor=request.user,
            people=chosen,
            team_id=team_id,
            package_id=sent["package"],
            years=1 if sent["years"] is None else sent["years"],
            photo=form.picture(),
            change_because=sent["change_because"],
        )
    if request.user.role == Role.DESK:
        said = _("The application is with {team}.").format(team=first.team.name)
        messages.success(request, said)
        return redirect("booking:day")
    return redirect("contracts:contract", first.pk)
