"""Agreements: the list, one with its versions, the editor, and what is done to one."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from telemed.audit import refusals
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import Actor, intention
from telemed.organisations import work
from telemed.organisations.comparing import compare
from telemed.organisations.forms.agreements import AgreementForm, renewed
from telemed.organisations.models import Agreement, Service
from telemed.organisations.permissions import (
    AGREEMENT_READERS,
    AGREEMENT_WRITERS,
    OVERSEERS,
    may_answer_agreement,
    may_sign_agreement,
    may_write_agreement,
)
from telemed.organisations.queries import agreements as queries
from telemed.organisations.queries.places import get_organisation, search_partners
from telemed.organisations.services import drafting, holding

State = Agreement.State


@login_required
@require_GET
def agreement_list(request: HttpRequest) -> HttpResponse:
    """/organisations/agreements/?state=…&service=…&q=…&after=…"""
    actor = cast(Actor, request.user)
    asked = {name: request.GET.get(name, "")[:60] for name in ("state", "service", "q")}
    with intention(actor, door="web"):
        require(
            actor.role in AGREEMENT_READERS | OVERSEERS,
            _("Agreements are for the people who make and use them."),
        )
        page = queries.list_agreements(
            actor,
            state=asked["state"],
            service=asked["service"],
            text=asked["q"],
            after=_uuid(request.GET.get("after", "")),
        )
        first = not any(asked.values()) and "after" not in request.GET
        waiting = queries.list_waiting(actor) if first else []
    context = {
        "page": page,
        "waiting": waiting,
        "states": State.choices,
        "services": Service.choices,
        "may_write": actor.role in AGREEMENT_WRITERS,
        "mine": actor.organisation_id,
        **asked,
    }
    return render(request, "organisations/agreements.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid(_("This page of the list does not exist."), path="after") from None


@login_required
@require_GET
def agreement_detail(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """/organisations/agreements/<id>/?with=<version>: side by side with another version."""
    actor = cast(Actor, request.user)
    with intention(actor, door="web"):
        agreement = queries.get_agreement(actor, agreement_id)
        versions = queries.list_versions(actor, agreement.series)
        other = _other(agreement, versions, request.GET.get("with", ""))
        held = next((v for v in versions if v.state == State.ACTIVE), None)
        context = {
            "agreement": agreement,
            "versions": versions,
            "other": other,
            "terms": compare(other, agreement) if other else [],
            "open_work": work.open_under(held) if held else [],
            "signatures": list(agreement.signatures.select_related("organisation").order_by("pk")),
            "steps": list(agreement.steps.select_related("organisation").order_by("-pk")),
            "may": _what_may_be_done(actor, agreement),
            "lines": list(agreement.services.all()),
        }
    return render(request, "organisations/agreement.html", context)


def _other(agreement: Agreement, versions: list[Agreement], wanted: str) -> Agreement | None:
    """The version asked for; else the one before, where there is one."""
    others = [version for version in versions if version.pk != agreement.pk]
    if wanted:
        return next((v for v in others if str(v.version) == wanted), None)
    return next((v for v in others if v.version < agreement.version), None)


def _what_may_be_done(actor: Actor, agreement: Agreement) -> dict[str, bool]:
    state, writes = State(agreement.state), may_write_agreement(actor, agreement)
    signs = may_sign_agreement(actor, agreement)
    signed = actor.organisation_id in {s.organisation_id for s in agreement.signatures.all()}
    answers = may_answer_agreement(actor, agreement) and state == State.PROPOSED
    return {
        "revise": writes and state == State.DRAFT,
        "propose": writes and state == State.DRAFT,
        "counter": answers,
        "reject": answers,
        "renew": writes and state in {State.ACTIVE, State.SUSPENDED, State.EXPIRED},
        "sign": signs and state == State.PROPOSED and not signed,
        "suspend": state == State.ACTIVE and holding.may_suspend(actor, agreement),
        "resume": state == State.SUSPENDED
        and holding.may_suspend(actor, agreement)
        and agreement.suspended_by_id in (None, actor.organisation_id),
        "terminate": signs
        and agreement.can_become(State.TERMINATED)
        and agreement.terminates_on is None,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_new(request: HttpRequest) -> HttpResponse:
    """First the partner and who asks whom, then the text."""
    actor = cast(Actor, request.user)
    chosen, direction = request.GET.get("partner", ""), request.GET.get("direction", "")
    with intention(actor, door="web"):
        require(
            actor.role in AGREEMENT_WRITERS,
            _("Agreements are written by the administrator or coordinator of either side."),
        )
        text = request.GET.get("q", "")[:60]
        mine = get_organisation(actor.organisation_id)
        partner = get_organisation(_partner(chosen)) if chosen else None
        found = [] if partner else search_partners(actor, text)
    if partner is None:
        return render(request, "organisations/agreement_new.html", {"found": found, "q": text})
    asking, asked = (partner, mine) if direction == "asked" else (mine, partner)
    form = AgreementForm(request.POST or None)
    context = {"form": form, "asking": asking, "asked": asked, "title": _("New agreement")}

    def write() -> Agreement:
        return drafting.draft_agreement(
            actor=actor, asking=asking, asked=asked, content=form.content()
        )

    return _edit(request, form, context, write)


def _partner(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("There is no such institution."), path="partner") from None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """A draft is revised, a proposal countered, what was in force renewed."""
    actor = cast(Actor, request.user)
    with intention(actor, door="web"):
        agreement = queries.get_agreement(actor, agreement_id)
        require(
            may_write_agreement(actor, agreement),
            _("Agreements are written by the administrator or coordinator of either side."),
        )
    asking, asked = agreement.asking, agreement.asked
    title, service = _editing(agreement)
    if service is drafting.renew_agreement:
        agreement = renewed(agreement)
    form = AgreementForm(request.POST or None, agreement=agreement)
    context = {"form": form, "agreement": agreement, "title": title}

    def write() -> Agreement:
        return service(actor=actor, agreement_id=agreement_id, content=form.content())

    return _edit(request, form, context | {"asking": asking, "asked": asked}, write)


def _editing(agreement: Agreement) -> tuple[str, Callable[..., Agreement]]:
    if agreement.state == State.DRAFT:
        return _("Change the draft"), drafting.revise_draft
    if agreement.state == State.PROPOSED:
        return _("Counter-proposal"), drafting.counter_agreement
    return _("Renew"), drafting.renew_agreement


def _edit(
    request: HttpRequest,
    form: AgreementForm,
    context: dict[str, Any],
    write: Callable[[], Agreement],
) -> HttpResponse:
    actor = cast(Actor, request.user)
    if request.method != "POST":
        return render(request, "organisations/agreement_edit.html", context)
    if form.is_valid():
        try:
            with intention(actor, door="web"):
                written = write()
            return redirect("organisations:agreement", written.pk)
        except (Conflict, Invalid) as error:
            refusals.note(actor, door="web", action="organisations:agreement", error=error)
            form.refuse(error.path, error.message)
    return render(request, "organisations/agreement_edit.html", context, status=422)


@login_required
@require_POST
def agreement_sign(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """With the password again, so that an open page does not sign for its owner."""
    actor = cast(Actor, request.user)
    _make_sure(request)
    with intention(actor, door="web"):
        holding.sign_agreement(
            actor=actor, agreement_id=agreement_id, digest=request.POST.get("digest", "")
        )
    return redirect("organisations:agreement", agreement_id)


def _make_sure(request: HttpRequest) -> None:
    """As often as at sign-in, and no oftener."""
    user = cast(Any, request.user)
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        raise Conflict(_("Too many attempts. Wait a minute, then try again."), path="password")
    if not user.check_password(request.POST.get("password", "")):
        raise Invalid(_("The password is wrong."), path="password")


ACTS: dict[str, Callable[..., Agreement]] = {
    "propose": drafting.propose_agreement,
    "reject": drafting.reject_agreement,
    "suspend": holding.suspend_agreement,
    "resume": holding.resume_agreement,
    "terminate": holding.terminate_agreement,
}


@login_required
@require_POST
def agreement_act(request: HttpRequest, agreement_id: UUID, act: str) -> HttpResponse:
    """What needs no more than a reason."""
    actor = cast(Actor, request.user)
    if act not in ACTS:
        raise NotFound(_("Nothing like this is done to an agreement."), path="act")
    given = {} if act == "propose" else {"reason": request.POST.get("reason", "")}
    with intention(actor, door="web"):
        ACTS[act](actor=actor, agreement_id=agreement_id, **given)
    return redirect("organisations:agreement", agreement_id)
