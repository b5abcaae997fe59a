"""Points for missed visits: the resident's own, the appeals of a hospital, and its waivers."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from scheduling.appointments import penalties, services
from scheduling.appointments.forms import WaiverForm
from scheduling.appointments.views.showing import person_of, show
from telemed.core import moments
from telemed.core.errors import Invalid
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def points(request: SignedIn) -> HttpResponse:
    """What was noted, what it means, and where to say that it is wrong."""
    with intention(request.user, door="web"):
        patient, people = person_of(request)
        context = {
            "strikes": penalties.strikes_of(patient) if patient else [],
            "blocks": penalties.blocks_of(patient) if patient else [],
        }
    return show(request, "appointments/points", patient, people, **context)


@login_required
@require_POST
def appeal(request: SignedIn, strike_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.appeal(
            actor=request.user, strike_id=strike_id, reason=request.POST.get("reason", "")
        )
    messages.success(request, _("Your appeal is filed; until it is decided you can book."))
    whom = request.POST.get("for", "")
    return redirect(reverse("booking:points") + (f"?for={whom}" if whom else ""))


@login_required
@require_safe
def appeals(request: SignedIn) -> HttpResponse:
    """What waits for a decision of this hospital, the oldest first; and the days to waive."""
    form, now = WaiverForm(request.GET or None), moments.now()
    with intention(request.user, door="web"):
        waiting = services.open_appeals(actor=request.user)
        elsewhere = services.overdue_of_county(actor=request.user)
        many, is_county = None, penalties.is_of_county(request.user)
        if form.is_bound:
            many = services.preview_waiver(actor=request.user, **_days(form))
    context = {
        "waiting": waiting,
        "elsewhere": elsewhere,
        "late": sum(due is not None and due <= now for _appeal, due in waiting),
        "form": form,
        "many": many,
        "county": request.user.acting_organisation.division.name if is_county else "",
        "now": now,
    }
    return show(request, "appointments/appeals", None, [], **context)


@login_required
@require_POST
def decide(request: SignedIn, appeal_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.decide_appeal(
            actor=request.user,
            appeal_id=appeal_id,
            upheld=request.POST.get("decision") == "uphold",
            reason=request.POST.get("reason", ""),
        )
    messages.success(request, _("Decided; the resident is told."))
    return redirect("booking:appeals")


@login_required
@require_POST
def waive(request: SignedIn) -> HttpResponse:
    form = WaiverForm(request.POST)
    with intention(request.user, door="web"):
        many = services.waive(
            actor=request.user, **_days(form), reason=request.POST.get("reason", "")
        )
    said = ngettext(
        "{n} entry does not count any more.", "{n} entries do not count any more.", many
    )
    messages.success(request, said.format(n=many))
    return redirect("booking:appeals")


@login_required
@require_POST
def correct(request: SignedIn, appointment_id: UUID) -> HttpResponse:
    """Marked as missed, and was there."""
    with intention(request.user, door="web"):
        fixed = services.correct(
            actor=request.user,
            appointment_id=appointment_id,
            reason=request.POST.get("reason", ""),
        )
    messages.success(request, _("Corrected; it does not count."))
    return redirect(f"{reverse('booking:day')}?day={fixed.day}")


def _days(form: WaiverForm) -> dict[str, date]:
    if not form.is_valid():
        raise Invalid(_("Give a first and a last day."), path="first")
    return {"first": form.cleaned_data["first"], "last": form.cleaned_data["last"]}
