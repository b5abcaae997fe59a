"""One session: looked at, planned, published, resized, stopped, restored."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scheduling.availability import queries, services
from scheduling.availability.booked import panels_of
from scheduling.availability.forms import ResizeForm, SessionForm, StopForm, read
from scheduling.availability.models import Kind, Pool, Session, State
from scheduling.availability.permissions import OWN_AHEAD, is_keeper, is_own, keeps, may_keep
from scheduling.availability.rules import stop_undo
from scheduling.availability.services.locking import kept_elsewhere
from scheduling.availability.services.publishing import unlicensed
from scheduling.availability.shares import RESERVED
from scheduling.availability.stop_plans import plans_of
from scheduling.availability.views.weeks import not_yours
from telemed.core import idempotency, moments
from telemed.core.doors import form_at
from telemed.core.errors import DomainError, require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn


@login_required
@require_safe
def session(request: SignedIn, session_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        context = _page(request, queries.get_session(request.user, session_id))
    return render(request, "sessions/session.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@form_at("sessions:new")
def new(request: SignedIn) -> HttpResponse:
    """A session of one day."""
    require(may_keep(request.user), not_yours())
    if request.method == "POST":
        form = read(SessionForm(request.POST))
        key, body = form.once
        with intention(request.user, door="web"):
            name = f"session:{key}"
            session_id = idempotency.remembered(key=name, body=body) if key else None
            if session_id is None:
                planned = services.plan_session(
                    actor=request.user,
                    offer=form.offer,
                    day=form.cleaned_data["day"],
                    **form.hours(),
                )
                session_id = str(planned.pk)
                if key:
                    idempotency.keep(key=name, answer=session_id)
        messages.success(request, _("Planned. Its places come out at the usual hour."))
        return redirect("sessions:session", session_id)
    with intention(request.user, door="web"):
        context = offer_choices(request)
    context["day"] = _day_of(request.GET.get("day", ""))
    return render(request, "sessions/new.html", context)


@login_required
@require_POST
@form_at("sessions:session")
def publish(request: SignedIn, session_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.publish_session(actor=request.user, session_id=session_id)
    messages.success(request, _("Open for booking."))
    return redirect("sessions:session", session_id)


@login_required
@require_POST
@form_at("sessions:session")
def cancel(request: SignedIn, session_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        gone = services.cancel_session(actor=request.user, session_id=session_id)
    messages.success(request, _("Taken off the plan; nobody was booked."))
    year, number, _weekday = gone.day.isocalendar()
    return redirect("sessions:week", year, number)


@login_required
@require_http_methods(["GET", "POST"])
@form_at("sessions:resize")
def resize(request: SignedIn, session_id: UUID) -> HttpResponse:
    """What a change would do, by its numbers; then the change."""
    if request.method == "POST":
        form = read(ResizeForm(request.POST))
        with intention(request.user, door="web"):
            done = services.resize_session(
                actor=request.user,
                session_id=session_id,
                capacity=form.cleaned_data["capacity"],
                shares=form.shares,
            )
        messages.success(request, _("Changed: {n} places.").format(n=done.places))
        return redirect("sessions:session", session_id)
    with intention(request.user, door="web"):
        shown = queries.get_session(request.user, session_id)
        require(is_keeper(request.user, shown), kept_elsewhere(shown))
        require(keeps(request.user, shown), not_yours())
        now = {"capacity": shown.capacity} | {p.value: shown.shares.get(p, 0) for p in RESERVED}
        asked = {name: request.GET.get(name, value) for name, value in now.items()}
        context = _preview(request, shown, asked)
    fields = [(p.value, Pool(p).label, asked[p.value]) for p in RESERVED]
    context |= {"session": shown, "capacity": asked["capacity"], "fields": fields}
    return render(request, "sessions/resize.html", context)


@login_required
@require_POST
@form_at("sessions:session")
def stop(request: SignedIn, session_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        queries.get_session(request.user, session_id)  # hidden before anything else is said
        form = read(StopForm(request.POST))
        services.stop_session(actor=request.user, session_id=session_id, **form.chosen())
    return redirect("sessions:session", session_id)


@login_required
@require_POST
@form_at("sessions:session")
def restore(request: SignedIn, session_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        services.restore_session(actor=request.user, session_id=session_id)
    messages.success(request, _("Held after all; everybody keeps place and number."))
    return redirect("sessions:session", session_id)


def offer_choices(request: SignedIn) -> dict[str, Any]:
    """What the forms of a session and of a template choose from."""
    return {
        "departments": queries.departments_of(request.user.organisation_id),
        "doctors": queries.doctors_of(request.user.organisation_id),
        "kinds": Kind.choices,
        "today": timezone.localdate(),
        "once": uuid4(),
    }


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def _preview(request: SignedIn, shown: Session, asked: dict[str, Any]) -> dict[str, Any]:
    """The numbers, or why not; who is affected where more are booked."""
    try:
        form = read(ResizeForm(asked))
        preview = services.preview_resize(
            actor=request.user,
            session_id=shown.pk,
            capacity=form.cleaned_data["capacity"],
            shares=form.shares,
        )
    except services.BelowTaken as error:
        return {"error": error, "affected": error.affected}
    except DomainError as error:
        return {"error": error}
    return {"preview": preview}


def _page(request: SignedIn, shown: Session) -> dict[str, Any]:
    periods = queries.periods_of(shown)
    pools = [pool for pool in Pool if any(q.pool == pool for p in periods for q in p.pools.all())]
    rows = [(period, _counts(period, pools)) for period in periods]
    taken, places = queries.counts_of([shown.pk]).get(shown.pk, (0, 0))
    now, kept = moments.now(), keeps(request.user, shown)
    ahead = shown.starts_at - now
    may_stop = shown.state == State.PUBLISHED and ahead.total_seconds() > 0
    may_stop = may_stop and (kept or (is_own(request.user, shown) and ahead > OWN_AHEAD))
    stopped = queries.stop_of(shown) if shown.state == State.STOPPED else None
    year, number, _weekday = shown.day.isocalendar()
    return {
        "session": shown,
        "rows": rows,
        "pools": [pool.label for pool in pools],
        "taken": taken,
        "all_places": places,
        "keeps": kept,
        "whole_week": may_keep(request.user),
        "differs": queries.open_disagreements(request.user).filter(session=shown).exists(),
        "year": year,
        "number": number,
        "may_resize": kept and shown.state in (State.PLANNED, State.PUBLISHED),
        "may_move": kept
        and shown.state in (State.PLANNED, State.PUBLISHED)
        and shown.starts_at > now,
        "may_stop": may_stop,
        "plans": plans_of(shown) if may_stop else [],
        "reasons": reasons(),
        "undo": stop_undo(shown.organisation_id),
        "stop": stopped,
        "panels": panels_of(request.user, stopped) if stopped and kept else [],
        "may_undo": stopped and now < stopped.final_at,
        "unlicensed": unlicensed(shown) if shown.state == State.PLANNED else "",
        "held_up": (unlicensed(shown) or _("The doctor is back in order."))
        if shown.held_up_at and shown.state == State.PUBLISHED
        else "",
        "may_open": kept and shown.held_up_at and not unlicensed(shown),
    }


def _counts(period: Any, pools: list[Pool]) -> list[tuple[str, int, int]]:
    found = {one.pool: one for one in period.pools.all()}
    return [
        (str(pool.label), found[pool].taken, found[pool].places) if pool in found else ("", 0, 0)
        for pool in pools
    ]


def reasons() -> list[str]:
    return [_("Ill"), _("Meeting"), _("Further training"), _("Emergency duty"), _("Machine broken")]
