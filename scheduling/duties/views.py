"""The day of a team and one duty of it; and what was done for a resident."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scheduling.duties import calendar, limits, parts, presenting, queries, screening, services
from scheduling.duties.forms import (
    AddForm,
    AnswerForm,
    DatesForm,
    EndForm,
    ServeForm,
    SettleForm,
    WaiveForm,
)
from scheduling.registration.forms import read
from scheduling.registration.permissions import is_resident, may_review
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.ids import new_id
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.web.context import BARE
from telemed.web.error_pages import wants_json


@login_required
@require_safe
def day(request: SignedIn) -> HttpResponse:
    """What is due, by village and urgency, and what is disputed."""
    with intention(request.user, door="web"):
        teams, due, disputed = services.open_day(actor=request.user)
        context = {
            "teams": presenting.with_promises(teams),
            "due": due,
            "late": sum(one.is_late for one in due),
            "villages": queries.by_village(due),
            "disputed": disputed,
            "proposed": screening.open_in(teams),
        }
    return render(request, "duties/day.html", context)


@login_required
@require_safe
def kit(request: SignedIn) -> HttpResponse:
    """The day and its forms as a device keeps them: about nobody, and without a line of its own."""
    require(may_review(request.user), _("This list is for family-doctor teams."))
    context = {
        "kit": True,
        "frame": BARE,
        "limits": limits.as_data(),
        "parts": presenting.parts_of(None),
        "why_not": parts.WHY_NOT,
    }
    return render(request, "duties/kit.html", context)


@login_required
@never_cache
@require_safe
def taken(request: SignedIn) -> HttpResponse:
    """What a device needs to know of the day, to be sealed there."""
    with intention(request.user, door="web"):
        due = services.take_day(actor=request.user)
        day = presenting.taken(request.user, due)
    return JsonResponse(day)


@login_required
@never_cache
@require_safe
def seal(request: SignedIn) -> HttpResponse:
    with intention(request.user, door="web"):
        key = services.seal_of(actor=request.user)
    return JsonResponse({"key": key})


@login_required
@never_cache
@require_safe
def duty(request: SignedIn, duty_id: UUID) -> HttpResponse:
    """One duty with its form; for a device, how it stands."""
    with intention(request.user, door="web"):
        require(not is_resident(request.user), _("This page is for family-doctor teams."))
        found = services.open_duty(actor=request.user, duty_id=duty_id)
        if wants_json(request):
            return JsonResponse(presenting.version(found))
        context: dict[str, Any] = {
            "duty": found,
            "asks": calendar.asks(found),
            "parts": presenting.parts_of(found),
            "why_not": parts.WHY_NOT,
            "entered": parts.words_of(found.entries),
            "draft": new_id(),
            "acts": presenting.acts_on(request.user, found),
            "quota": presenting.quota_of(found),
            "visits": queries.visits_of(found),
            "limits": limits.as_data(),
            "waits_for_hospital": queries.waits_for_hospital(found.contract.plan),
            "facts": presenting.facts_of(request.user, found),
            "before": presenting.before_of(found),
            "again": presenting.again_of(found),
        }
    return render(request, "duties/duty.html", context)


@login_required
@require_POST
@form_at("duties:duty")
def serve(request: SignedIn, duty_id: UUID) -> HttpResponse:
    """Back to the list; of a warning value back to the form, which says what comes first."""
    found = read(ServeForm(request.POST)).findings()
    with intention(request.user, door="web"):
        served = services.serve(actor=request.user, duty_id=duty_id, found=found)
    if "later" not in request.POST:  # from a device there is nobody to read it
        if served.is_warned:
            messages.warning(request, _("Warning value: refer now. The recheck is planned."))
        elif served.answered:
            messages.success(request, _("Done, and confirmed by the signature."))
        else:
            messages.success(request, _("Done; the resident is asked to confirm."))
    if served.is_warned:
        return _sent(request, reverse("duties:duty", args=[duty_id]))
    return _sent(request, reverse("duties:day"))


@login_required
@require_POST
@form_at("duties:duty")
def add(request: SignedIn, duty_id: UUID) -> HttpResponse:
    """The visit of the second phone, beside the one that counts."""
    form = read(AddForm(request.POST))
    with intention(request.user, door="web"):
        services.add_visit(
            actor=request.user,
            duty_id=duty_id,
            found=form.findings(),
            because=form.cleaned_data["because"],
        )
    if not wants_json(request):
        messages.success(request, _("Kept as a further visit."))
    return _sent(request, reverse("duties:duty", args=[duty_id]))


def _sent(request: HttpRequest, url: str) -> HttpResponse:
    return JsonResponse({"url": url}) if wants_json(request) else redirect(url)


@login_required
@require_POST
@form_at("duties:duty")
def take_back(request: SignedIn, duty_id: UUID) -> HttpResponse:
    """Entered by mistake, not long ago."""
    with intention(request.user, door="web"):
        services.take_back(actor=request.user, duty_id=duty_id)
    messages.success(request, _("It was taken back, and is to be done again."))
    return redirect("duties:duty", duty_id)


@login_required
@require_POST
@form_at("duties:duty")
def waive(request: SignedIn, duty_id: UUID) -> HttpResponse:
    because = read(WaiveForm(request.POST)).cleaned_data["because"]
    with intention(request.user, door="web"):
        services.waive(actor=request.user, duty_id=duty_id, because=because)
    messages.success(request, _("Waived."))
    return redirect("duties:day")


@login_required
@require_POST
@form_at("duties:duty")
def settle(request: SignedIn, duty_id: UUID) -> HttpResponse:
    sent = read(SettleForm(request.POST)).cleaned_data
    with intention(request.user, door="web"):
        services.settle(
            actor=request.user, duty_id=duty_id, kept=sent["kept"] == "yes", why=sent["why"]
        )
    messages.success(request, _("Settled."))
    return redirect("duties:day")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@form_at("duties:plan")
def plan(request: SignedIn, contract_id: UUID) -> HttpResponse:
    """What is owed to one resident from now on, and the days from which it counts."""
    require(may_review(request.user), _("This page is for family-doctor teams."))
    if request.method == "POST":
        said = read(DatesForm(request.POST)).dates()
        with intention(request.user, door="web"):
            services.set_dates(actor=request.user, contract_id=contract_id, said=said)
        messages.success(request, _("Kept; the visits follow these days."))
        return redirect("duties:plan", contract_id)
    with intention(request.user, door="web"):
        found = services.open_plan(actor=request.user, contract_id=contract_id)
        context = {"plan": found, "patient": found.contract.patient, **presenting.days_of(found)}
    return render(request, "duties/plan.html", context)


@login_required
@require_POST
@form_at("duties:plan")
def end_pregnancy(request: SignedIn, contract_id: UUID) -> HttpResponse:
    sent = read(EndForm(request.POST)).cleaned_data
    with intention(request.user, door="web"):
        services.end_pregnancy(
            actor=request.user, contract_id=contract_id, day=sent["ended_on"], kind=sent["kind"]
        )
    messages.success(request, _("Kept. Nothing of this pregnancy is owed any more."))
    return redirect("duties:plan", contract_id)


@login_required
@require_POST
@form_at("duties:plan")
def undo_end(request: SignedIn, contract_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.undo_end(actor=request.user, contract_id=contract_id)
    messages.success(request, _("Taken back; what was owed is owed again."))
    return redirect("duties:plan", contract_id)


@login_required
@require_POST
@form_at("duties:plan")
def answer_proposal(request: SignedIn, contract_id: UUID) -> HttpResponse:
    sent = read(AnswerForm(request.POST)).cleaned_data
    with intention(request.user, door="web"):
        proposal = services.answer_proposal(
            actor=request.user,
            contract_id=contract_id,
            confirmed=sent["answer"] == "yes",
            because=sent["because"],
        )
    if proposal.is_confirmed:
        messages.success(request, _("Confirmed. The follow-ups of the group are planned."))
    else:
        messages.success(request, _("Kept: not confirmed."))
    return redirect("duties:plan", contract_id)


@login_required
@require_safe
def county(request: SignedIn) -> HttpResponse:
    """What the coordinators of the county settle, and which teams leave rechecks undone."""
    with intention(request.user, door="web"):
        disputed, overdue = services.open_county(actor=request.user)
    return render(request, "duties/county.html", {"disputed": disputed, "overdue": overdue})


@login_required
@require_POST
@form_at("duties:county")
def settle_for_county(request: SignedIn, duty_id: UUID) -> HttpResponse:
    sent = read(SettleForm(request.POST)).cleaned_data
    with intention(request.user, door="web"):
        services.settle_for_county(
            actor=request.user, duty_id=duty_id, kept=sent["kept"] == "yes", why=sent["why"]
        )
    messages.success(request, _("Settled."))
    return redirect("duties:county")


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """What was done, each with two taps: it was, it was not; and what comes next."""
    with intention(request.user, door="web"):
        require(is_resident(request.user), _("This page is for residents."))
        context = {"rows": queries.mine(request.user), "coming": queries.coming(request.user)}
    return render(request, "duties/mine.html", context)


@login_required
@require_POST
@form_at("duties:mine")
def confirm(request: SignedIn, duty_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.confirm(actor=request.user, duty_id=duty_id)
    messages.success(request, _("Thank you. It counts as done."))
    return redirect("duties:mine")


@login_required
@require_POST
@form_at("duties:mine")
def dispute(request: SignedIn, duty_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        duty = services.dispute(actor=request.user, duty_id=duty_id)
    if duty.to_county:
        messages.success(request, _("Noted: not done. The county looks at it."))
    else:
        messages.success(request, _("Noted: not done. The leader of the team looks at it."))
    return redirect("duties:mine")
