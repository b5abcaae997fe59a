"""Pairs of records that may be one person: the queue, both side by side, the decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from records.mpi import services
from records.mpi.comparing import Compared
from telemed.core.errors import Invalid, NotFound
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

Act = Callable[..., Any]
# The act, whether it takes a reason, and what is said when it is done.
ACTS: dict[str, tuple[Act, bool, Any]] = {
    "link": (services.link, True, gettext_lazy("Linked.")),
    "different": (services.tell_apart, True, gettext_lazy("Remembered as different people.")),
    "propose": (services.propose_merge, True, gettext_lazy("Proposed; a second person confirms.")),
    "confirm": (services.confirm_merge, False, gettext_lazy("Merged.")),
    "withdraw": (services.withdraw_proposal, False, gettext_lazy("The proposal is withdrawn.")),
    "separate": (
        services.propose_separation,
        True,
        gettext_lazy("Proposed; the medical office confirms."),
    ),
    "part": (services.confirm_separation, False, gettext_lazy("Separated again.")),
}


@login_required
@require_safe
def queue(request: SignedIn) -> HttpResponse:
    """/patients/pairs/: what waits, the likeliest first; and what was decided."""
    with intention(request.user, door="web"):
        found = services.list_pairs(actor=request.user)
    context = {
        "waiting": [Compared(pair, late=pair.pk in found.overdue) for pair in found.waiting],
        "decided": [Compared(pair) for pair in found.decided],
    }
    return render(request, "pairs/queue.html", context)


@login_required
@require_safe
def pair(request: SignedIn, pair_id: UUID) -> HttpResponse:
    """Both records side by side: who they are, and nothing of what they hold."""
    with intention(request.user, door="web"):
        opened = services.open_pair(actor=request.user, pair_id=pair_id)
    compared = Compared(opened.pair)
    return render(request, "pairs/pair.html", {"compared": compared, "opened": opened})


@login_required
@require_POST
def decide(request: SignedIn, pair_id: UUID, act: str) -> HttpResponse:
    """One of ACTS."""
    if act not in ACTS:
        raise NotFound(_("There is no such act."))
    service, reasoned, said = ACTS[act]
    facts: dict[str, Any] = {"reason": request.POST.get("reason", "")} if reasoned else {}
    if act == "propose":
        facts["survivor_id"] = _survivor(request.POST.get("survivor", ""))
    with intention(request.user, door="web"):
        service(actor=request.user, pair_id=pair_id, **facts)
    messages.success(request, str(said))
    return redirect("pairs:pair", pair_id)


def _survivor(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("Please choose which record stays."), path="survivor") from None
