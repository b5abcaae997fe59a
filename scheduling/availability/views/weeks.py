"""The week of an institution, and a doctor's own sessions."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from scheduling.availability import queries
from scheduling.availability.forms import FilterForm, read
from scheduling.availability.grid import week_of
from scheduling.availability.month import month_of
from scheduling.availability.permissions import may_keep, may_read
from scheduling.availability.to_stop import count_at
from scheduling.availability.views.moving import MOVED
from telemed.core.errors import NotFound, require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

AHEAD = timedelta(days=28)
WEEK = timedelta(days=7)


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """This week for who keeps it; a doctor's own sessions."""
    require(may_read(request.user), not_yours())
    if not may_keep(request.user):
        return redirect("sessions:mine")
    return _week(request, timezone.localdate())


@login_required
@require_safe
def week(request: SignedIn, year: int, number: int) -> HttpResponse:
    require(may_keep(request.user), not_yours())
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        raise NotFound(_("There is no such week.")) from None
    return _week(request, monday)


@login_required
@require_safe
def month(request: SignedIn, year: int, month: int) -> HttpResponse:
    """Each day in figures; a day leads to its week."""
    require(may_keep(request.user), not_yours())
    try:
        first = date(year, month, 1)
        before, after = (first - timedelta(days=1)).replace(day=1), first + timedelta(days=31)
    except (ValueError, OverflowError):
        raise NotFound(_("There is no such month.")) from None
    chosen = read(FilterForm(request.GET)).cleaned_data["department"]
    with intention(request.user, door="web"):
        weeks = month_of(request.user.acting_organisation, first, chosen)
        departments = queries.departments_of(request.user.organisation_id)
    context: dict[str, Any] = {
        "weeks": weeks,
        "gaps": sum(day.is_in and bool(day.gaps) for week in weeks for day in week),
        "first": first,
        "before": before,
        "after": after,
        "departments": departments,
        "chosen": chosen,
    }
    return render(request, "sessions/month.html", context)


@login_required
@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """The doctor's own, four weeks ahead."""
    require(may_read(request.user), not_yours())
    today = timezone.localdate()
    with intention(request.user, door="web"):
        sessions = queries.my_sessions(request.user, today, today + AHEAD)
        counts = queries.counts_of(one.pk for one in sessions)
    rows = [(one, *counts.get(one.pk, (0, 0))) for one in sessions]
    return render(request, "sessions/mine.html", {"rows": rows})


def not_yours() -> str:
    return _("The desk, the coordinators and the administrators keep the sessions.")


def _week(request: SignedIn, day: date) -> HttpResponse:
    monday = day - timedelta(days=day.weekday())
    sunday = monday + WEEK - timedelta(days=1)
    chosen = read(FilterForm(request.GET)).cleaned_data["department"]
    with intention(request.user, door="web"):
        grid = week_of(request.user.acting_organisation, monday, chosen)
        departments = queries.departments_of(request.user.organisation_id)
        stopping = count_at(request.user.organisation_id)
        differing = queries.open_disagreements(request.user).count()
    context: dict[str, Any] = {
        "grid": grid,
        "differing": differing,
        "to_stop": stopping,
        "stop_from": max(monday, timezone.localdate()),
        "stop_until": max(sunday, timezone.localdate() + WEEK - timedelta(days=1))
        if monday <= timezone.localdate()
        else sunday,
        "may_stop_ahead": monday + WEEK > timezone.localdate(),
        "monday": monday,
        "sunday": sunday,
        "before": (monday - WEEK).isocalendar(),
        "after": (monday + WEEK).isocalendar(),
        "is_now": monday <= timezone.localdate() < monday + WEEK,
        "may_copy": monday + WEEK > timezone.localdate(),
        "departments": departments,
        "chosen": chosen,
        "moved": request.session.pop(MOVED, None),
    }
    return render(request, "sessions/week.html", context)
