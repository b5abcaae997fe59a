"""Statements and their lines, for both sides."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from telemed.core.errors import NotFound
from telemed.core.intentions import Actor
from telemed.organisations.models import Entry, Organisation, Statement
from telemed.organisations.permissions import DECIDERS, LEDGER_READERS

PAGE = 30


def visible_to(actor: Actor) -> QuerySet[Statement]:
    """Those of the own institution; the authority, which decides disputes, sees those inside."""
    if actor.organisation_id is None:
        return Statement.objects.none()
    own = Organisation.objects.filter(pk=actor.organisation_id).first()
    if own and own.kind == Organisation.Kind.AUTHORITY:
        if actor.role not in DECIDERS:
            return Statement.objects.none()
        return Statement.objects.filter(asked__division__code__startswith=own.division_id)
    if actor.role in LEDGER_READERS:
        side = Q(asking=actor.organisation_id) | Q(asked=actor.organisation_id)
        return Statement.objects.filter(side)
    return Statement.objects.none()


def get_statement(actor: Actor, statement_id: UUID, *, lock: bool = False) -> Statement:
    """One statement that the actor may see. Hidden and absent look the same."""
    statements = visible_to(actor).select_related("asking", "asked")
    if lock:
        statements = statements.select_for_update(of=("self",))
    statement = statements.filter(pk=statement_id).first()
    if statement is None:
        raise NotFound(_("There is no such statement."), path="statement")
    return statement


def get_entry(actor: Actor, entry_id: UUID) -> Entry:
    """One line, with its statement locked."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound(_("There is no such line."), path="entry")
    statement = get_statement(actor, entry.statement_id, lock=True)
    entry.refresh_from_db()
    entry.statement = statement
    return entry


@dataclass(frozen=True)
class Row:
    """A statement in the list, with its sum in fen."""

    statement: Statement
    lines: int
    amount: int
    disputed: int


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    months: list[date]


def list_statements(
    actor: Actor, *, month: date | None = None, state: str = "", text: str = ""
) -> Page:
    """The newest month first. `text` is part of the name of a side."""
    visible = visible_to(actor)
    months = list(visible.order_by("-month").values_list("month", flat=True).distinct()[:24])
    statements = visible.filter(month=month) if month else visible
    if state:
        statements = statements.filter(state=state)
    if text := text.strip():
        statements = statements.filter(
            Q(asking__name__icontains=text) | Q(asked__name__icontains=text)
        )
    disputed = Count("entries", filter=Q(entries__state=Entry.State.DISPUTED))
    counted = statements.annotate(
        lines=Count("entries"), amount=Sum("entries__amount"), disputed=disputed
    )
    found = counted.select_related("asking", "asked").order_by("-month", "pk")[:PAGE]
    rows = [Row(s, s.lines, s.amount or 0, s.disputed) for s in found]
    return Page(rows, months)


def count_to_export(actor: Actor) -> int:
    """Confirmed ones of the side that did the work, which exports them."""
    confirmed = visible_to(actor).filter(state=Statement.State.CONFIRMED)
    return confirmed.filter(asked=actor.organisation_id).count()


@dataclass(frozen=True)
class Totals:
    """Fen."""

    amount: int
    asking: int
    asked: int
    platform: int


@dataclass(frozen=True)
class Lines:
    entries: list[Entry]
    totals: Totals

    @property
    def disputed(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == Entry.State.DISPUTED]

    @property
    def unconfirmed(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state != Entry.State.CONFIRMED]


def list_entries(statement: Statement) -> Lines:
    """Every line of a statement: corrections follow what they correct."""
    corrections = Prefetch("corrections", Entry.objects.order_by("pk"))
    entries = list(statement.entries.prefetch_related(corrections).order_by("accepted_at", "pk"))
    totals = Totals(
        sum(entry.amount for entry in entries),
        sum(entry.asking_amount for entry in entries),
        sum(entry.asked_amount for entry in entries),
        sum(entry.platform_amount for entry in entries),
    )
    return Lines(entries, totals)
