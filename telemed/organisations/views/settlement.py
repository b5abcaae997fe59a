"""The month's settlement, for both sides."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import Actor, intention
from telemed.organisations.forms.settlement import fen_of, ids_of, month_of, wanted_of
from telemed.organisations.ledger import CLOSED, due_at
from telemed.organisations.models import Entry, Statement
from telemed.organisations.models.ledger import month_of as first_of
from telemed.organisations.permissions import (
    DECIDERS,
    LEDGER_READERS,
    may_confirm,
    may_decide,
    may_dispute,
    may_export,
    may_review,
)
from telemed.organisations.queries import statements as queries
from telemed.organisations.services import settling

State = Statement.State


@login_required
@require_GET
def statement_list(request: HttpRequest) -> HttpResponse:
    """/organisations/settlement/?month=…&state=…&q=…&after=…"""
    actor = cast(Actor, request.user)
    state, text = request.GET.get("state", ""), request.GET.get("q", "")[:60]
    month = month_of(request.GET.get("month", ""))
    with intention(actor, door="web"):
        require(
            actor.role in LEDGER_READERS | DECIDERS,
            _("Settlement is for the administration of both sides."),
        )
        page = queries.list_statements(
            actor, month=month, state=state, text=text, after=request.GET.get("after", "")
        )
    context = {
        "page": page,
        "month": month,
        "state": state,
        "states": State.choices,
        "q": text,
        "mine": actor.organisation_id,
        "all": not (month or state or text),
        "address": _address(request),
    }
    return render(request, "organisations/statements.html", context)


@login_required
@require_GET
def statement_detail(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """/organisations/settlement/<statement>/?q=…&kind=…&state=…&after=…"""
    wanted = wanted_of(request.GET)
    context = _read(request, statement_id, wanted)
    context |= {
        "wanted": wanted,
        "kinds": Entry._meta.get_field("kind").choices,
        "states": Entry.State.choices,
        "address": _address(request),
        "here": request.GET.urlencode(),
    }
    return render(request, "organisations/statement.html", context)


def _address(request: HttpRequest) -> str:
    """The filters of a list, without the page."""
    address = request.GET.copy()
    address.pop("after", None)
    return address.urlencode()


@login_required
@require_GET
def statement_print(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    context = _read(request, statement_id)
    return render(request, "organisations/statement_print.html", context)


def _read(
    request: HttpRequest, statement_id: UUID, wanted: queries.Wanted | None = None
) -> dict[str, Any]:
    """A statement with the lines that are looked for; without that with all, as papers have it."""
    actor = cast(Actor, request.user)
    with intention(actor, door="web"):
        statement = queries.get_statement(actor, statement_id)
        lines = (
            queries.find_entries(statement, wanted) if wanted else queries.list_entries(statement)
        )
        return {
            "statement": statement,
            "lines": lines,
            "side": statement.side_of(actor.organisation_id),
            "may": _what_may_be_done(actor, statement),
            "over": statement.month < first_of(timezone.localdate()),
            "due_at": due_at(statement),
            "closed": statement.state in CLOSED,
        }


def _what_may_be_done(actor: Actor, statement: Statement) -> dict[str, bool]:
    over = statement.month < first_of(timezone.localdate())
    reviewed = statement.state == State.REVIEWED
    return {
        "review": may_review(actor, statement) and statement.state == State.ACCRUING and over,
        "confirm": may_confirm(actor, statement) and reviewed,
        "dispute": may_dispute(actor, statement) and reviewed,
        "correct": may_review(actor, statement),
        "decide": may_decide(actor, statement),
        "export": may_export(actor, statement) and statement.state == State.CONFIRMED,
    }


@login_required
@require_POST
def statement_act(request: HttpRequest, statement_id: UUID, act: str) -> HttpResponse:
    """Review, confirm (all, or the ticked lines), export."""
    actor = cast(Actor, request.user)
    chosen = request.POST.getlist("entry")
    with intention(actor, door="web"):
        match act:
            case "review":
                settling.review_statement(actor=actor, statement_id=statement_id)
            case "confirm" if "all" in request.POST:
                settling.confirm_statement(actor=actor, statement_id=statement_id)
            case "confirm":
                if not chosen:
                    raise Invalid(_("Tick the lines that you confirm."), path="entries")
                settling.confirm_statement(
                    actor=actor, statement_id=statement_id, entry_ids=ids_of(chosen)
                )
            case "export":
                settling.export_statement(actor=actor, statement_id=statement_id)
            case _:
                raise NotFound(_("Nothing like this is done to a statement."), path="act")
    return _back(request, statement_id)


def _back(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """To the page of the lines that one came from: the filters stand in the address of the form."""
    url = reverse("organisations:statement", args=[statement_id])
    kept = request.GET.urlencode()
    return redirect(f"{url}?{kept}" if kept else url)


@login_required
@require_POST
def entry_act(request: HttpRequest, entry_id: UUID, act: str) -> HttpResponse:
    """Dispute a line, or correct it."""
    actor = cast(Actor, request.user)
    reason = request.POST.get("reason", "")
    with intention(actor, door="web"):
        match act:
            case "dispute":
                entry = settling.dispute_entry(actor=actor, entry_id=entry_id, reason=reason)
            case "correct":
                entry = settling.correct_entry(
                    actor=actor,
                    entry_id=entry_id,
                    amount=fen_of(request.POST.get("amount", "")),
                    reason=reason,
                )
            case _:
                raise NotFound(_("Nothing like this is done to a line."), path="act")
    return _back(request, entry.statement_id)


@login_required
@require_GET
def statement_file(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """The exported CSV, the same each time; its hash stands beside it and in the header."""
    actor = cast(Actor, request.user)
    with intention(actor, door="web"):
        statement = queries.get_statement(actor, statement_id)
        if statement.state != State.EXPORTED:
            raise Conflict(_("This statement is not exported yet."), path="state")
    response = HttpResponse(statement.file, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{statement.number}.csv"'
    response.headers["X-Content-SHA256"] = statement.digest
    return response
