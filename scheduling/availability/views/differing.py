"""Where the hospital's own system says something else than is here, and deciding it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from scheduling.availability import differences, queries, services
from scheduling.availability.booked import Booked
from scheduling.availability.models import Disagreement
from scheduling.availability.permissions import may_keep
from scheduling.availability.views.weeks import not_yours
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def differing(request: SignedIn) -> HttpResponse:
    """Each with what either side says, who is booked there, and what can be done."""
    require(may_keep(request.user), not_yours())
    with intention(request.user, door="web"):
        shown = queries.disagreements_shown(request.user)
        booked = queries.booked_about(shown)
        decided = [_row(one) for one in queries.settled_lately(request.user)]
    rows = [_row(one, booked[one.pk]) for one in shown]
    return render(request, "sessions/differing.html", {"rows": rows, "decided": decided})


@login_required
@require_POST
@form_at("sessions:differing")
def settle(request: SignedIn, disagreement_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        row = services.settle(
            actor=request.user,
            disagreement_id=disagreement_id,
            choice=request.POST.get("choice", ""),
            reason=request.POST.get("reason", ""),
        )
    if row.state == Disagreement.State.THEIRS:
        messages.success(request, _("Done as the system says."))
    else:
        messages.success(request, _("Kept as it is here; the system is told why."))
    return redirect("sessions:differing")


def _row(one: Disagreement, booked: Sequence[Booked] = ()) -> dict[str, Any]:
    return {
        "one": one,
        "said": differences.said(one.kind, one.said),
        "here": differences.here(one.kind, one.here),
        "booked": booked,
    }
