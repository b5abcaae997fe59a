"""What repeats each week, copying, and the days that are otherwise."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scheduling.availability import clashes, queries, services
from scheduling.availability.forms import (
    ISO_WEEKDAYS,
    CopyForm,
    DayRuleForm,
    EndForm,
    TemplateForm,
    read,
)
from scheduling.availability.permissions import may_keep
from scheduling.availability.views.sessions import offer_choices
from scheduling.availability.views.weeks import not_yours
from scheduling.availability.week import special_days
from scheduling.availability.words import weekday, weekly
from telemed.core import idempotency
from telemed.core.doors import form_at
from telemed.core.errors import require
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

CALENDAR = 60  # days
NAMED = 5  # of what was left out


@login_required
@require_safe
def template_list(request: SignedIn) -> HttpResponse:
    require(may_keep(request.user), not_yours())
    with intention(request.user, door="web"):
        found = list(queries.templates_in_force(request.user))
        departments = queries.departments_of(request.user.organisation_id)
    chosen = request.GET.get("department", "")
    shown = [one for one in found if chosen in ("", str(one.department_id))]
    by_day = [(weekday(n), [one for one in shown if one.weekday == n]) for n in ISO_WEEKDAYS]
    context = {
        "by_day": [(name, mine) for name, mine in by_day if mine],
        "count": len(shown),
        "departments": departments,
        "chosen": chosen,
        "tomorrow": timezone.localdate() + timedelta(days=1),
    }
    return render(request, "sessions/templates.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@form_at("sessions:add")
def add(request: SignedIn) -> HttpResponse:
    """A new template; its sessions of the coming four weeks are planned at once."""
    require(may_keep(request.user), not_yours())
    if request.method == "POST":
        form = read(TemplateForm(request.POST))
        named = {n: form.cleaned_data[n] for n in ("weekday", "since", "until", "on_holidays")}
        key, body = form.once
        done = None
        with intention(request.user, door="web", timeout_ms=20_000):
            name = f"template:{key}"
            if not key or idempotency.remembered(key=name, body=body) is None:
                template, done = services.add_template(
                    actor=request.user, offer=form.offer, **form.hours(), **named
                )
                if key:
                    idempotency.keep(key=name, answer=str(template.pk))
        if done:  # else it was sent twice, and the first said it
            _say(request, done)
        return redirect("sessions:templates")
    with intention(request.user, door="web"):
        context = offer_choices(request)
    context["weekdays"] = [(n, weekday(n)) for n in ISO_WEEKDAYS]
    return render(request, "sessions/add.html", context)


@login_required
@require_POST
@form_at("sessions:templates")
def end(request: SignedIn, template_id: UUID) -> HttpResponse:
    require(may_keep(request.user), not_yours())
    form = read(EndForm(request.POST))
    with intention(request.user, door="web"):
        done = services.end_template(
            actor=request.user, template_id=template_id, from_day=form.cleaned_data["from_day"]
        )
    _say(request, done)
    return redirect("sessions:templates")


@login_required
@require_POST
@form_at("sessions:home")
def copy(request: SignedIn) -> HttpResponse:
    """The sessions by hand of the week or the month before."""
    require(may_keep(request.user), not_yours())
    form = read(CopyForm(request.POST))
    first: date = form.cleaned_data["first"]
    with intention(request.user, door="web", timeout_ms=20_000):
        if form.cleaned_data["what"] == "month":
            copied = services.copy_month(actor=request.user, month=first)
        else:
            copied = services.copy_week(
                actor=request.user, monday=first - timedelta(days=first.weekday())
            )
    messages.success(request, _("{n} sessions copied.").format(n=len(copied.sessions)))
    if copied.left_out:
        _say_left(request, _("Not copied: {what}"), copied.left_out)
    year, number, _weekday = first.isocalendar()
    return redirect("sessions:week", year, number)


@login_required
@require_http_methods(["GET", "POST"])
@form_at("sessions:days")
def days(request: SignedIn) -> HttpResponse:
    """Holidays and make-up days of the calendar, and the rules of the house on top of them."""
    require(may_keep(request.user), not_yours())
    if request.method == "POST":
        sent = read(DayRuleForm(request.POST)).cleaned_data
        with intention(request.user, door="web", timeout_ms=20_000):
            _rule, done = services.add_day_rule(
                actor=request.user,
                first=sent["first"],
                last=sent["last"],
                reason=sent["reason"],
                as_weekday=sent["as_weekday"],
                department_id=sent["department"],
                clinician_id=sent["clinician"],
            )
        _say(request, done)
        return redirect("sessions:days")
    today = timezone.localdate()
    with intention(request.user, door="web"):
        rules = queries.day_rules_ahead(request.user)
        context = offer_choices(request)
    context |= {
        "rules": [(one, weekday(one.as_weekday) if one.as_weekday else "") for one in rules],
        "special": special_days(today, CALENDAR),
        "weekdays": [(n, weekday(n)) for n in ISO_WEEKDAYS],
        "tomorrow": today + timedelta(days=1),
        "span": CALENDAR,
    }
    return render(request, "sessions/days.html", context)


@login_required
@require_POST
@form_at("sessions:days")
def remove_rule(request: SignedIn, rule_id: UUID) -> HttpResponse:
    require(may_keep(request.user), not_yours())
    with intention(request.user, door="web", timeout_ms=20_000):
        done = services.remove_day_rule(actor=request.user, rule_id=rule_id)
    _say(request, done)
    return redirect("sessions:days")


def _say(request: SignedIn, done: services.Replanned) -> None:
    """What became of the coming days, in numbers, and what needs a hand."""
    sentence = _("Kept. {planned} sessions planned, {cancelled} taken off the plan.")
    messages.success(request, sentence.format(planned=done.planned, cancelled=done.cancelled))
    if done.left:
        open_ones = [clashes.when(one) for one in done.left]
        _say_left(request, _("Open for booking already, stop them one by one: {what}"), open_ones)
    if done.clashes:
        overlapping = [f"{day:%m-%d} {weekly(one)}" for one, day in done.clashes]
        _say_left(request, _("Left out because they overlap: {what}"), overlapping)


def _say_left(request: SignedIn, sentence: str, lines: list[str]) -> None:
    more = len(lines) - NAMED
    shown = [*lines[:NAMED], *([_("and {n} more").format(n=more)] if more > 0 else [])]
    messages.warning(request, sentence.format(what=_("; ").join(shown)))
