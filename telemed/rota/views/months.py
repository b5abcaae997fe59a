"""The month: looked at, written, published, printed."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from telemed.audit import refusals
from telemed.core.errors import DomainError, Invalid, NotFound
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn
from telemed.rota import queries, services, staffing
from telemed.rota.coverage import day_span, month_before, next_month
from telemed.rota.forms import ShiftForm, first_error
from telemed.rota.grid import DIRECTOR, gap_of_day, grid_of
from telemed.rota.models import Rota, Shift, month_of
from telemed.rota.permissions import may_keep, may_read

WRITTEN_FROM = 20  # day of the month from which the next one is what is looked for
CHANGE = timedelta(hours=8)  # when a day's shift begins, unless the gap says otherwise


@login_required
@require_safe
def home(request: SignedIn) -> HttpResponse:
    """The month that needs a look: this one, or the next when that is due and not out."""
    today = timezone.localdate()
    this = month_of(timezone.now())
    wanted = this
    with intention(request.user, door="web"):
        if not may_keep(request.user):
            return redirect("rota:mine")
        ahead = queries.find_month(request.user, next_month(this))
        if today.day >= WRITTEN_FROM and Rota.State.PUBLISHED not in ahead:
            wanted = next_month(this)
    return redirect("rota:month", wanted.year, wanted.month)


@login_required
@require_safe
def month(request: SignedIn, year: int, number: int) -> HttpResponse:
    """The draft for who keeps it, else what is published; ?published=1 shows that anyway."""
    return _month_page(request, _first(year, number))


@login_required
@require_POST
def write(request: SignedIn, year: int, number: int) -> HttpResponse:
    """Begin the draft, empty or with the shifts of the month before, or go on with it."""
    copies = "copy" in request.POST
    with intention(request.user, door="web"):
        rota = services.open_draft(actor=request.user, month=_first(year, number))
        if copies:
            copied = services.copy_last_month(actor=request.user, rota_id=rota.pk)
    if copies:
        _say_copied(request, copied)
    return redirect("rota:month", year, number)


@login_required
@require_POST
def copy(request: SignedIn, rota_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        copied = services.copy_last_month(actor=request.user, rota_id=rota_id)
        rota = queries.get_rota(request.user, rota_id)
    _say_copied(request, copied)
    return redirect("rota:month", rota.month.year, rota.month.month)


def _say_copied(request: SignedIn, copied: services.Copied) -> None:
    messages.success(request, _("{n} shifts copied.").format(n=copied.shifts))
    if copied.left_out:
        shown = copied.left_out[:5]
        more = len(copied.left_out) - len(shown)
        lines = [*shown, *([_("and {n} more").format(n=more)] if more else [])]
        messages.warning(request, _("Not copied: {what}").format(what="; ".join(lines)))


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: SignedIn, rota_id: UUID) -> HttpResponse:
    """
    An uncovered hour without a reason comes back to the form, with the hour.

    GET is a tab that is opened again where a form was refused: it goes to the month.
    """
    with intention(request.user, door="web"):
        rota = queries.get_rota(request.user, rota_id)
    if request.method == "GET":
        return redirect("rota:month", rota.month.year, rota.month.month)
    try:
        with intention(request.user, door="web"):
            services.publish_rota(
                actor=request.user,
                rota_id=rota_id,
                gap_reason=request.POST.get("gap_reason", "")[:300],
            )
    except DomainError as error:
        refusals.note(request.user, door="web", action="rota:publish", error=error)
        return _month_page(request, rota.month, error)
    messages.success(request, _("Published. Everybody on it is told."))
    return redirect("rota:month", rota.month.year, rota.month.month)


@login_required
@require_POST
def discard(request: SignedIn, rota_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        gone = services.discard_draft(actor=request.user, rota_id=rota_id)
    messages.success(request, _("The draft is gone; what is published stays."))
    return redirect("rota:month", gone.month.year, gone.month.month)


@login_required
@require_safe
def paper(request: SignedIn, rota_id: UUID) -> HttpResponse:
    """For the notice board."""
    with intention(request.user, door="web"):
        rota = queries.get_rota(request.user, rota_id)
        context = {"rota": rota, "grid": grid_of(rota)}
    return render(request, "rota/print.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def cell(request: SignedIn, rota_id: UUID, day: str, key: str) -> HttpResponse:
    """One day of one row: who is on, and who could be."""
    when = _day(day)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            _put(request, rota_id, when, key)
            return redirect("rota:month", when.year, when.month)
        except DomainError as refused:
            error = refused
            refusals.note(request.user, door="web", action="rota:cell", error=refused)
    with intention(request.user, door="web"):
        context = _cell(request, rota_id, when, key)
    return render(request, "rota/cell.html", context | {"error": error}, status=_status(error))


@login_required
@require_POST
def remove(request: SignedIn, shift_id: UUID) -> HttpResponse:
    with intention(request.user, door="web"):
        rota = services.remove_shift(actor=request.user, shift_id=shift_id)
    return redirect("rota:month", rota.month.year, rota.month.month)


def _month_page(request: SignedIn, first: date, error: DomainError | None = None) -> HttpResponse:
    with intention(request.user, door="web"):
        if not may_read(request.user):
            raise NotFound(_("Not found, or not yours to know of."))
        there = queries.find_month(request.user, first)
        draft, published = there.get(Rota.State.DRAFT), there.get(Rota.State.PUBLISHED)
        shown = draft if draft and "published" not in request.GET else published
        may_copy = shown is None and Rota.State.PUBLISHED in queries.find_month(
            request.user, month_before(first)
        )
        may_write = may_keep(request.user) and first >= month_of(timezone.now())
        copies_on = (
            may_write
            and draft is None
            and published is not None
            and not queries.find_month(request.user, next_month(first))
        )
        context = {
            "first": first,
            "before": month_before(first),
            "after": next_month(first),
            "draft": draft,
            "published": published,
            "rota": shown,
            "keeps": may_keep(request.user),
            "writes": may_keep(request.user) and shown == draft and draft is not None,
            "may_write": may_write,
            "grid": grid_of(shown) if shown else None,
            "swaps": queries.swaps_in(published) if published and may_keep(request.user) else [],
            "may_copy": may_copy,
            "copies_on": copies_on,
            "error": error,
            "gap_reason": request.POST.get("gap_reason", ""),
        }
    return render(request, "rota/month.html", context, status=_status(error))


def _put(request: SignedIn, rota_id: UUID, day: date, key: str) -> None:
    form = ShiftForm(request.POST)
    if not form.is_valid():
        name, message = first_error(form)
        raise Invalid(message, path=name)
    with intention(request.user, door="web"):
        services.add_shift(
            actor=request.user,
            rota_id=rota_id,
            user_id=form.cleaned_data["user"],
            kind=form.cleaned_data["kind"],
            specialty="" if key == DIRECTOR else key,
            phone=form.cleaned_data["phone"],
            **form.span(day),
        )


def _cell(request: SignedIn, rota_id: UUID, day: date, key: str) -> dict[str, Any]:
    rota = queries.get_rota(request.user, rota_id)
    grid = grid_of(rota)
    column = next((d for d in grid.days if d.date == day), None)
    found = next((c for c in column.cells if c.row.key == key), None) if column else None
    if found is None or rota.state != Rota.State.DRAFT:
        raise NotFound(_("Not found, or not yours to know of."))
    start = day_span(day)[0] + CHANGE
    gap = gap_of_day(grid.gaps, key, day)
    span = gap or (start, start + timedelta(days=1))
    if gap and gap[0] < start < gap[1]:
        span = (start, start + timedelta(days=1))  # the small hours are the night before's
    asked = request.POST.get("kind") or request.GET.get("kind", Shift.Kind.FIRST_CALL)
    kind = DIRECTOR if key == DIRECTOR else asked
    if kind not in Shift.Kind.values:
        raise Invalid(_("Choose first or second call."), path="kind")
    specialty = "" if key == DIRECTOR else key
    return {
        "rota": rota,
        "day": day,
        "cell": found,
        "kind": kind,
        "kinds": [(value, label) for value, label in Shift.Kind.choices if value != DIRECTOR],
        "is_director": key == DIRECTOR,
        "starts": _clock(span[0]),
        "ends": _clock(span[1]),
        "candidates": staffing.candidates(rota, kind, specialty, span),
        "values": request.POST,
    }


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def _first(year: int, number: int) -> date:
    try:
        return date(year, number, 1)
    except ValueError:
        raise NotFound(_("There is no such month.")) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(_("There is no such day.")) from None


def _status(error: DomainError | None) -> int:
    return 422 if error else 200
