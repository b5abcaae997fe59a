"""The month's end: review, confirm, dispute, correct, export."""

import hashlib
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from telemed.audit import services as audit
from telemed.core import clocks, outbox, policies, tables
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import Actor, refusing, require_intention
from telemed.core.models import Calendar, Clock, ClockState
from telemed.core.reasons import checked_reason
from telemed.organisations import rules
from telemed.organisations.events import (
    DisputeOverdue,
    EntryDisputed,
    StatementConfirmed,
    StatementDue,
    StatementReviewed,
)
from telemed.organisations.ledger import CLOSED, DISPUTE, REVIEW, correct_to
from telemed.organisations.models import Entry, Statement
from telemed.organisations.models.ledger import month_of
from telemed.organisations.permissions import (
    may_confirm,
    may_decide,
    may_dispute,
    may_export,
    may_review,
)
from telemed.organisations.queries.statements import get_entry, get_statement, list_entries

MOST_AMOUNT = 100_000_000  # fen


def review_statement(*, actor: Actor, statement_id: UUID) -> Statement:
    """The side that did the work stands by the lines of a month that is over."""
    require_intention()
    statement = get_statement(actor, statement_id, lock=True)
    require(
        may_review(actor, statement),
        _("A statement is reviewed by the coordinator of the side that was asked."),
    )
    if statement.month >= month_of(timezone.localdate()):
        raise Conflict(_("The month is not over yet."), path="state")
    statement.become(Statement.State.REVIEWED, pgettext("verb", "review"))
    statement.reviewed_by = actor.actor_id
    statement.reviewer_name = getattr(actor, "name", "")
    statement.reviewed_at = timezone.now()
    statement.save(update_fields=["state", "reviewed_by", "reviewer_name", "reviewed_at"])
    statement.entries.filter(state=Entry.State.ACCRUED).update(state=Entry.State.REVIEWED)
    audit.record(action="settlement.review", target=statement)
    outbox.announce(StatementReviewed(statement_id=statement.pk))
    return statement


def confirm_statement(
    *, actor: Actor, statement_id: UUID, entry_ids: Collection[UUID] | None = None
) -> Statement:
    """The side that asked agrees: to these lines, or to all. The last line confirms the whole."""
    require_intention()
    statement = get_statement(actor, statement_id, lock=True)
    require(
        may_confirm(actor, statement),
        _("Review and confirmation need two organisations."),
    )
    if statement.state != Statement.State.REVIEWED:
        statement.become(Statement.State.CONFIRMED, pgettext("verb", "confirm"))
    if statement.reviewed_by == actor.actor_id:
        raise _two_persons()
    lines = list_entries(statement)
    chosen = [e for e in lines.unconfirmed if entry_ids is None or e.pk in entry_ids]
    if entry_ids is not None and len(chosen) < len(set(entry_ids)):
        raise Conflict(_("One of these lines is confirmed already, or not here."), path="entries")
    if any(entry.state == Entry.State.DISPUTED for entry in chosen):
        raise Conflict(_("A disputed line is settled first."), path="entries")
    statement.entries.filter(pk__in=[e.pk for e in chosen]).update(state=Entry.State.CONFIRMED)
    audit.record(action="settlement.confirm", target=statement)
    if len(chosen) == len(lines.unconfirmed):
        _close(actor, statement)
    return statement


def _close(actor: Actor, statement: Statement) -> None:
    statement.become(Statement.State.CONFIRMED, pgettext("verb", "confirm"))
    statement.confirmed_by = actor.actor_id
    statement.confirmer_name = getattr(actor, "name", "")
    statement.confirmed_at = timezone.now()
    with refusing(two_persons_settle=_two_persons()):
        statement.save(update_fields=["state", "confirmed_by", "confirmer_name", "confirmed_at"])
    clocks.stop_clocks(about=statement.pk, kind=REVIEW)
    outbox.announce(StatementConfirmed(statement_id=statement.pk))


def _two_persons() -> Forbidden:
    return Forbidden(_("Review and confirmation need two persons."))


def dispute_entry(*, actor: Actor, entry_id: UUID, reason: str) -> Entry:
    """This line is wrong, and why. The other side answers in time, or the authority decides."""
    require_intention()
    entry = get_entry(actor, entry_id)
    require(
        may_dispute(actor, entry.statement),
        _("A line is disputed by the administrator of the side that asked."),
    )
    reason = checked_reason(reason)
    _refuse_closed(entry.statement)
    if entry.corrects_id:
        raise Conflict(_("Dispute the line that this one corrects."), path="entry")
    if entry.state != Entry.State.REVIEWED:
        refusal = _("This line is “{state}”; it cannot be disputed.")
        label = Entry.State(entry.state).label
        raise Conflict(refusal.format(state=label), path="entry")
    entry.state, entry.objection = Entry.State.DISPUTED, reason
    entry.objected_by = actor.actor_id
    entry.save(update_fields=["state", "objection", "objected_by"])
    clocks.start_clock(
        kind=DISPUTE,
        about=entry.pk,
        allowance=policies.value(rules.DISPUTE),
        calendar=Calendar.WORKING,
    )
    audit.record(action="settlement.dispute", target=entry)
    outbox.announce(EntryDisputed(statement_id=entry.statement_id, entry_id=entry.pk))
    return entry


def correct_entry(*, actor: Actor, entry_id: UUID, amount: int, reason: str) -> Entry:
    """
    What the line should be (fen), by a counter-line with its reason; a dispute is answered by it.

    The same amount again means that the line stands. Returns the counter-line.
    """
    require_intention()
    entry = get_entry(actor, entry_id)
    _check_corrector(actor, entry)
    reason = checked_reason(reason)
    if not 0 <= amount <= MOST_AMOUNT:
        raise Invalid(_("The amount is out of bounds."), path="amount")
    if entry.corrects_id:
        raise Conflict(_("Correct the line that this one corrects."), path="entry")
    if entry.exempt and amount:
        raise Conflict(_("What is exempt costs nothing."), path="amount")
    disputed = entry.state == Entry.State.DISPUTED
    line = correct_to(entry=entry, amount=amount, reason=reason, always=disputed)
    if line is None:
        raise Invalid(_("That is the amount already."), path="amount")
    if disputed:
        entry.state = Entry.State.REVIEWED
        entry.save(update_fields=["state"])
        clocks.stop_clocks(about=entry.pk, kind=DISPUTE)
        outbox.announce(StatementReviewed(statement_id=entry.statement_id))
    return line


def _check_corrector(actor: Actor, entry: Entry) -> None:
    if may_review(actor, entry.statement):
        return
    late = Clock.objects.filter(kind=DISPUTE, about=entry.pk, state=ClockState.FIRED)
    decides = may_decide(actor, entry.statement) and entry.state == Entry.State.DISPUTED
    require(
        decides and late.exists(),
        _("A line is corrected by the coordinator of the side that was asked."),
    )


def _refuse_closed(statement: Statement) -> None:
    if statement.state == Statement.State.EXPORTED:
        raise Conflict(_("That month is exported; add a correction line."), path="state")
    if statement.state in CLOSED:
        raise Conflict(_("That month is confirmed; add a correction line."), path="state")


def export_statement(*, actor: Actor, statement_id: UUID) -> Statement:
    """The file for the accounts. Asked for again, it is the same to the byte."""
    require_intention()
    statement = get_statement(actor, statement_id, lock=True)
    require(
        may_export(actor, statement),
        _("A statement is exported by the administrator of either side."),
    )
    if statement.state != Statement.State.EXPORTED:
        statement.become(Statement.State.EXPORTED, pgettext("verb", "export"))
        statement.number = (
            f"S{statement.month:%y%m}-{statement.asking.number}-{statement.asked.number}"
        )
        with translation.override(settings.LANGUAGE_CODE):
            statement.file = tables.write(*_sheet(statement)).decode()
        statement.digest = hashlib.sha256(statement.file.encode()).hexdigest()
        statement.exported_at = timezone.now()
        statement.save(update_fields=["state", "number", "file", "digest", "exported_at"])
    audit.record(action="settlement.export", target=statement)
    return statement


def _sheet(statement: Statement) -> tuple[list[str], list[list[str]]]:
    """Headings and rows, the sums last."""
    head = [
        _("Statement no."),
        _("Month"),
        _("Asking side"),
        _("Asked side"),
        _("Reference"),
        _("Kind"),
    ]
    head += [_("Accepted at"), _("Units"), _("Unit price"), _("Amount"), _("Asking share")]
    head += [_("Asked share"), _("Platform share"), _("Exempt"), _("Reason")]
    rows, about = (
        [],
        [statement.number or "", f"{statement.month:%Y-%m}", *map(str, _sides(statement))],
    )
    lines = list_entries(statement)
    for entry in lines.entries:
        row = [*about, entry.reference or str(entry.subject), entry.get_kind_display()]
        row += [f"{timezone.localtime(entry.accepted_at):%Y-%m-%d %H:%M}", str(entry.units)]
        row += [yuan(entry.price), yuan(entry.amount), yuan(entry.asking_amount)]
        row += [yuan(entry.asked_amount), yuan(entry.platform_amount)]
        row += [entry.exempt_because, entry.reason]
        rows.append(row)
    totals = lines.totals
    sums = [yuan(n) for n in (totals.amount, totals.asking, totals.asked, totals.platform)]
    rows.append([*about, _("Total"), "", "", "", "", *sums, "", ""])
    return head, rows


def _sides(statement: Statement) -> tuple[str, str]:
    return statement.asking.name, statement.asked.name


def yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def remind_of_statement(*, actor: Actor, clock: Clock) -> None:
    """The 10th has come: whose turn it is hears of it."""
    require_intention()
    statement = Statement.objects.filter(pk=clock.about).first()
    if statement is not None and statement.state not in CLOSED:
        outbox.announce(StatementDue(statement_id=statement.pk))


def hand_dispute_on(*, actor: Actor, clock: Clock) -> None:
    """The time to answer is over: the authority decides."""
    require_intention()
    entry = Entry.objects.filter(pk=clock.about, state=Entry.State.DISPUTED).first()
    if entry is not None:
        outbox.announce(DisputeOverdue(statement_id=entry.statement_id, entry_id=entry.pk))
