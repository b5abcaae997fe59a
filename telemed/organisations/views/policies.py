"""The rules of the house: what holds, since when, and how it is changed."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from telemed.audit import refusals
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import Actor, intention
from telemed.organisations.forms.policies import PolicyForm
from telemed.organisations.models import Organisation
from telemed.organisations.permissions import runs_province
from telemed.organisations.queries import policies as queries
from telemed.organisations.services import policies as services


@login_required
@require_GET
def policy_list(request: HttpRequest) -> HttpResponse:
    """/organisations/policies/?q=…"""
    text = request.GET.get("q", "")[:60]
    actor = cast(Actor, request.user)
    with intention(actor, door="web"):
        organisation = services.policy_scope(actor)
        groups = queries.list_rules(_scope(actor, organisation), text)
    context = _context(actor, organisation) | {"groups": groups, "q": text}
    return render(request, "organisations/policies.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request: HttpRequest, name: str) -> HttpResponse:
    """The form; posted, what it would touch; posted with `confirm`, it is set."""
    actor = cast(Actor, request.user)
    with intention(actor, door="web"):
        organisation = services.policy_scope(actor)
        scope = _scope(actor, organisation)
        rule = queries.get_rule(name, scope)
        lines = queries.list_lines(rule.policy, scope)
    form = PolicyForm(
        rule.policy,
        request.POST or None,
        value=_starting_value(request.GET.get("restore", ""), rule, lines),
        seen=lines[0].change.pk if lines else 0,
    )
    context = _context(actor, organisation) | {"rule": rule, "lines": lines, "form": form}
    if request.method != "POST":
        return render(request, "organisations/policy.html", context)
    if not form.is_valid():
        return render(request, "organisations/policy.html", context, status=422)
    if "confirm" in request.POST:
        return _set(actor, scope, name, form.cleaned_data)
    try:
        with intention(actor, door="web"):
            found = queries.look_ahead(rule.policy, scope, form.cleaned_data["value"])
    except (Conflict, Invalid) as error:
        refusals.note(actor, door="web", action="organisations:policy", error=error)
        form.add_error(None, error.message)
        return render(request, "organisations/policy.html", context, status=422)
    return render(request, "organisations/policy_confirm.html", context | {"ahead": found})


def _set(
    actor: Actor, scope: UUID | None, name: str, wanted: dict[str, Any]
) -> HttpResponseRedirect:
    with intention(actor, door="web"):
        services.set_policy(
            actor=actor,
            name=name,
            value=wanted["value"],
            reason=wanted["reason"],
            effective_at=wanted["effective_at"],
            organisation_id=scope,
            seen=wanted["seen"],
        )
    return redirect("organisations:policy", name)


def _scope(actor: Actor, organisation: Organisation) -> UUID | None:
    return None if runs_province(actor, organisation) else organisation.pk


def _context(actor: Actor, organisation: Organisation) -> dict[str, Any]:
    return {"organisation": organisation, "province": runs_province(actor, organisation)}


def _starting_value(restored: str, rule: queries.Rule, lines: list[queries.Line]) -> Any:
    """What the form starts with: the value in force, or an old one to restore."""
    for line in lines:
        if str(line.change.pk) == restored and line.change.value is not None:
            return rule.policy.kind.load(line.change.value)
    return rule.value
