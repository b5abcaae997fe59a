"""Statements and their lines, for both sides."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid, NotFound
from telemed.core.intentions import Actor
from telemed.organisations.models import Entry, Organisation, Statement
from telemed.organisations.permissions import DECIDERS, LEDGER_READERS

PAGE = 30
LEAF = 50  # lines of a statement on a page


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
        statements = statements.select_for_update(of=("self",), no_key=True)
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
    after: str  # the last statement of the page, where there are more


def list_statements(
    actor: Actor, *, month: date | None = None, state: str = "", text: str = "", after: str = ""
) -> Page:
    """The newest month first, a page at a time. `text` is part of the name of a side."""
    visible = visible_to(actor)
    months = list(visible.order_by("-month").values_list("month", flat=True).distinct()[:24])
    statements = visible.filter(month=month) if month else visible
    if state:
        statements = statements.filter(state=state)
    if text := text.strip():
        statements = statements.filter(
            Q(asking__name__icontains=text) | Q(asked__name__icontains=text)
        )
    if after:
        last = _marked(visible, after)
        statements = statements.filter(
            Q(month__lt=last.month) | Q(month=last.month, pk__gt=last.pk)
        )
    disputed = Count("entries", filter=Q(entries__state=Entry.State.DISPUTED))
    counted = statements.annotate(
        lines=Count("entries"), amount=Sum("entries__amount"), disputed=disputed
    )
    ordered = counted.select_related("asking", "asked").order_by("-month", "pk")
    found = list(ordered[: PAGE + 1])
    rows = [Row(s, s.lines, s.amount or 0, s.disputed) for s in found[:PAGE]]
    return Page(rows, months, str(rows[-1].statement.pk) if len(found) > PAGE else "")


M = TypeVar("M", Statement, Entry)


def _marked(things: QuerySet[M], after: str) -> M:
    """Where the page before ended."""
    try:
        found = things.filter(pk=UUID(after)).first()
    except ValueError:
        found = None
    if found is None:
        raise Invalid(_("This page of the list does not exist."), path="after")
    return found


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


@dataclass(frozen=True)
class Wanted:
    """Which lines of a statement are looked for; `text` is part of a reference or a reason."""

    text: str = ""
    kind: str = ""
    state: str = ""
    after: str = ""

    @property
    def everything(self) -> bool:
        return not (self.text or self.kind or self.state)


@dataclass(frozen=True)
class Leaf:
    """One page of the lines; `totals`, `count` and `disputed` are of the whole statement."""

    entries: list[Entry]
    totals: Totals
    count: int
    disputed: int
    found: int
    after: str


def find_entries(statement: Statement, wanted: Wanted) -> Leaf:
    """The lines that are looked for, a page at a time, in the order of the whole list."""
    lines = statement.entries.all()
    whole = lines.aggregate(
        *(Sum(f"{side}_amount") for side in ("asking", "asked", "platform")),
        Sum("amount"),
        count=Count("pk"),
        disputed=Count("pk", filter=Q(state=Entry.State.DISPUTED)),
    )
    if wanted.text:
        said = Q(reference__icontains=wanted.text) | Q(reason__icontains=wanted.text)
        lines = lines.filter(said | Q(objection__icontains=wanted.text))
    if wanted.kind:
        lines = lines.filter(kind=wanted.kind)
    if wanted.state:
        lines = lines.filter(state=wanted.state)
    found = whole["count"] if wanted.everything else lines.count()
    if wanted.after:
        last = _marked(statement.entries.all(), wanted.after)
        lines = lines.filter(
            Q(accepted_at__gt=last.accepted_at) | Q(accepted_at=last.accepted_at, pk__gt=last.pk)
        )
    entries = list(lines.order_by("accepted_at", "pk")[: LEAF + 1])
    totals = Totals(
        amount=whole["amount__sum"] or 0,
        asking=whole["asking_amount__sum"] or 0,
        asked=whole["asked_amount__sum"] or 0,
        platform=whole["platform_amount__sum"] or 0,
    )
    return Leaf(
        entries=entries[:LEAF],
        totals=totals,
        count=whole["count"],
        disputed=whole["disputed"],
        found=found,
        after=str(entries[LEAF - 1].pk) if len(entries) > LEAF else "",
    )


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
