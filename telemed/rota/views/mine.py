"""My shifts: when I am on, and who takes over."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from telemed.audit import refusals
from telemed.core.errors import DomainError, Invalid, NotFound
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.rota import queries, services, staffing
from telemed.rota.forms import SwapForm, first_error
from telemed.rota.models import HandOverItem, month_of
from telemed.rota.services.handing_over import may_see

ANSWERS = {
    "accept": services.accept_swap,
    "decline": services.decline_swap,
    "withdraw": services.withdraw_swap,
}

ITEM_ACTS = {"take": services.take_item, "keep": services.keep_item}


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    with intention(request.user, door="web"):
        shifts = queries.shifts_of(request.user)
        swaps = queries.swaps_of(request.user)
        hand_overs = queries.hand_overs_of(request.user)
    asked = {swap.shift_id: swap for swap in swaps if swap.asked_by_id == request.user.pk}
    now = timezone.now()
    context = {
        "running": [shift for shift in shifts if shift.starts_at <= now],
        "ahead": [(shift, asked.get(shift.pk)) for shift in shifts if shift.starts_at > now],
        "offered": [swap for swap in swaps if swap.colleague_id == request.user.pk],
        "this": month_of(now),
        "hand_overs": hand_overs,
    }
    return render(request, "rota/mine.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def swap(request: SignedIn, shift_id: UUID) -> HttpResponse:
    """Whom to ask: colleagues who could take it, and what they could give in return."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            _ask(request, shift_id)
            messages.success(request, _("Asked. Until your colleague accepts, you are on."))
            return redirect("rota:mine")
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="rota:swap", error=refused)
    with intention(request.user, door="web"):
        shift = queries.get_own_shift(request.user, shift_id)
        offers = staffing.swap_offers(shift)
    context = {"shift": shift, "offers": offers, "error": error}
    return render(request, "rota/swap.html", context, status=422 if error else 200)


@login_required
@require_POST
def answer(request: SignedIn, swap_id: UUID, answer: str) -> HttpResponse:
    act = ANSWERS.get(answer)
    if act is None:
        raise NotFound(_("There is no such answer."))
    with intention(request.user, door="web"):
        decided = act(actor=request.user, swap_id=swap_id)
    messages.success(request, str(decided.get_state_display()))
    return redirect("rota:mine")


@login_required
@require_safe
def hand_over(request: SignedIn, hand_over_id: UUID) -> HttpResponse:
    """What is in hand at the end of a shift, for the two whom it concerns."""
    with intention(request.user, door="web"):
        found = queries.get_hand_over(hand_over_id)
        if not may_see(request.user, found):
            raise NotFound(_("Not found, or not yours to know of."))
        items = list(found.items.order_by("-urgent", "pk"))
    context = {
        "hand_over": found,
        "items": items,
        "left": sum(item.state == item.State.OPEN for item in items),
        "outgoing": request.user.pk == found.outgoing_id,
    }
    return render(request, "rota/hand_over.html", context)


@login_required
@require_POST
def decide(request: SignedIn, item_id: UUID, act: str) -> HttpResponse:
    """take, keep"""
    if act not in ITEM_ACTS:
        raise NotFound(_("There is no such answer."))
    with intention(request.user, door="web"):
        item = ITEM_ACTS[act](actor=request.user, item_id=item_id)
    return redirect("rota:hand_over", item.hand_over_id)


@login_required
@require_POST
def acknowledge(request: SignedIn, hand_over_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        done = services.acknowledge(actor=request.user, hand_over_id=hand_over_id)
        kept = done.items.filter(state=HandOverItem.State.KEPT).count()
    messages.success(request, _on_now(str(done.outgoing), kept))
    return redirect("rota:mine")


def _on_now(outgoing: str, kept: int) -> str:
    """What is so from now: who has what."""
    if not kept:
        return _("You are on. Everything is handed over.")
    sentence = ngettext(
        "You are on. {who} finishes {n} item; you have the rest.",
        "You are on. {who} finishes {n} items; you have the rest.",
        kept,
    )
    return sentence.format(who=outgoing, n=kept)


def _ask(request: SignedIn, shift_id: UUID) -> None:
    form = SwapForm(request.POST)
    if not form.is_valid():
        name, message = first_error(form)
        raise Invalid(message, path=name)
    kind, key = form.chosen()
    with intention(request.user, door="web"):
        in_return = queries.find_shift(UUID(key)) if kind == "shift" else None
        if kind == "shift" and in_return is None:
            raise NotFound(_("Not found, or not yours to know of."))
        services.ask_swap(
            actor=request.user,
            shift_id=shift_id,
            colleague_id=in_return.user_id if in_return else UUID(key),
            in_return_id=in_return.pk if in_return else None,
        )
