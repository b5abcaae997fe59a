"""
The settlement ledger: what was done for another institution, at the price both agreed on.

No payment is handled; it ends at an export. Slices that do the work call accrue() in the
transaction that closes it, and reverse() when what they did is withdrawn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from telemed.audit import services as audit
from telemed.core import clocks, policies
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar
from telemed.organisations import rules
from telemed.organisations.models import (
    Agreement,
    AgreementService,
    Entry,
    Organisation,
    Statement,
)
from telemed.organisations.models.agreements import was_in_force
from telemed.organisations.models.ledger import month_of, split

REVIEW, DISPUTE = "settlement.review", "settlement.dispute"
WITHOUT_AGREEMENT = (0, 100, 0)
CLOSED = frozenset({Statement.State.CONFIRMED, Statement.State.EXPORTED})


def accrue(
    *,
    subject: UUID,
    kind: str,
    agreement: Agreement | None,
    units: int,
    at: datetime,
    exempt: str = "",
    reference: str = "",
    parties: tuple[Organisation, Organisation] | None = None,
) -> Entry:
    """
    One line for one thing done: call it in the transaction that closes the thing.

    `subject` is the id of the case or order and `kind` a word of Service ("consult", "ecg", …);
    the two together are settled once: calling again returns the first line. `agreement` is the
    one that the thing was sent under, `at` the moment it was *accepted*: price and shares are
    copied from the version of that agreement in force then. `units` counts begun half hours,
    opinions or readings. `exempt` is the basis of an exemption; the amount is 0 with one.
    `reference` is the number that people know it by.

    An emergency without an agreement passes None and `parties=(asking, asked)`: it is priced 0
    until they have agreed on a price, which the asked side then enters as a correction.
    """
    require_intention()
    known = Entry.objects.filter(subject=subject, kind=kind).first()
    if known is not None:
        return known
    version = _version_at(agreement, at) if agreement else None
    if version is not None:
        asking, asked = version.asking, version.asked
    elif parties is not None:
        asking, asked = parties
    else:
        raise ValueError("Without an agreement the ledger must be told who asked whom.")
    line = _line(version, kind)
    price, shares = (line.price, line.shares) if line else (0, WITHOUT_AGREEMENT)
    statement = open_statement(asking=asking, asked=asked)
    known = Entry.objects.filter(subject=subject, kind=kind).first()  # the lock was waited for
    if known is not None:
        return known
    return _add(
        statement,
        amount=0 if exempt else price * units,
        shares=shares,
        subject=subject,
        reference=reference,
        kind=kind,
        agreement=version,
        accepted_at=at,
        units=units,
        price=price,
        exempt=exempt,
    )


def reverse(*, subject: UUID, kind: str, reason: str) -> Entry | None:
    """What was settled is withdrawn: a counter-line brings it to 0. None where nothing was owed."""
    require_intention()
    entry = Entry.objects.filter(subject=subject, kind=kind).first()
    return correct_to(entry=entry, amount=0, reason=reason) if entry else None


def restore(*, subject: UUID, kind: str, reason: str) -> Entry | None:
    """What was withdrawn is done again: a counter-line brings it back to what was first owed."""
    require_intention()
    entry = Entry.objects.filter(subject=subject, kind=kind).first()
    return correct_to(entry=entry, amount=entry.amount, reason=reason) if entry else None


def correct_to(*, entry: Entry, amount: int, reason: str, always: bool = False) -> Entry | None:
    """
    A counter-line that makes `amount` (fen) of a line. `always`: also where it is that already,
    so that the reason stands in the ledger; otherwise None.

    It stands in the same month, or in the running one when that month was confirmed.
    """
    require_intention()
    statement = Statement.objects.select_for_update(no_key=True).get(pk=entry.statement_id)
    difference = amount - net_amount(entry)
    if not difference and not always:
        return None
    if statement.state in CLOSED:
        statement = open_statement(asking=statement.asking, asked=statement.asked)
    asking_share, asked_share, platform_share = entry.shares
    reviewed = statement.state == Statement.State.REVIEWED
    return _add(
        statement,
        amount=difference,
        shares=(asking_share, asked_share, platform_share),
        subject=entry.subject,
        reference=entry.reference,
        kind=Entry.CORRECTION,
        agreement=entry.agreement,
        corrects=entry,
        accepted_at=entry.accepted_at,
        units=0,
        price=0,
        reason=reason,
        state=Entry.State.REVIEWED if reviewed else Entry.State.ACCRUED,
    )


def net_amount(entry: Entry) -> int:
    """What is owed for a line with all its corrections."""
    return entry.amount + sum(entry.corrections.values_list("amount", flat=True))


def distances(*, since: datetime, until: datetime) -> Iterator[tuple[Organisation, int]]:
    """
    Of each line written or corrected in that time: who did it, and how far what is owed for it
    now is from the price agreed on, in fen.

    What was brought to nothing is not owed; without an agreement there is no price to hold it to.
    """
    written = Entry.objects.filter(created_at__gte=since, created_at__lt=until)
    touched = Q(pk__in=written.values("pk")) | Q(pk__in=written.values("corrects"))
    lines = Entry.objects.filter(touched, agreement__isnull=False).exclude(kind=Entry.CORRECTION)
    owed = F("amount") + Coalesce(Sum("corrections__amount"), 0)
    found = list(
        lines.annotate(owed=owed, corrected=Count("corrections")).select_related(
            "statement__asked", "agreement"
        )
    )
    versions = _versions_of(found)
    for line in found:
        withdrawn = bool(line.corrected) and not line.owed
        listed = 0 if line.exempt else _listed(line, versions) * line.units
        yield line.statement.asked, 0 if withdrawn else line.owed - listed


def open_statement(*, asking: Organisation, asked: Organisation) -> Statement:
    """This month's, locked; the first line starts its clock."""
    require_intention()
    month = month_of(timezone.localdate())
    fresh = Statement(asking=asking, asked=asked, month=month)
    Statement.objects.bulk_create([fresh], ignore_conflicts=True)
    statements = Statement.objects.select_for_update(no_key=True)
    statement = statements.get(asking=asking, asked=asked, month=month)
    if statement.pk == fresh.pk:
        clocks.start_clock(
            kind=REVIEW,
            about=statement.pk,
            allowance=due_at(statement) - timezone.now(),
            calendar=Calendar.WALL,
        )
    return statement


def due_at(statement: Statement) -> datetime:
    """The evening of the 10th (policy) of the month after."""
    following = month_of(statement.month + timedelta(days=31))
    day = following.replace(day=policies.value(rules.REVIEW_DAY))
    return timezone.make_aware(datetime.combine(day, time(18)))


def _version_at(agreement: Agreement, moment: datetime) -> Agreement:
    """The version of the same agreement that was in force then; the given one where none was."""
    if was_in_force(agreement, moment):
        return agreement
    versions = Agreement.objects.filter(series=agreement.series).order_by("-version")
    return next((v for v in versions if was_in_force(v, moment)), agreement)


def _versions_of(lines: Iterable[Entry]) -> Mapping[UUID, Sequence[Agreement]]:
    """Of each series that the lines were written under, the newest first."""
    series = {line.agreement.series for line in lines if line.agreement}
    versions: dict[UUID, list[Agreement]] = {}
    known = Agreement.objects.filter(series__in=series).prefetch_related("services")
    for one in known.order_by("-version"):
        versions.setdefault(one.series, []).append(one)
    return versions


def _listed(line: Entry, versions: Mapping[UUID, Sequence[Agreement]]) -> int:
    """What a unit cost under the version in force when it was accepted, as that stands there."""
    if line.agreement is None:
        return 0
    own = versions[line.agreement.series]
    held = (one for one in own if was_in_force(one, line.accepted_at))
    return next(held, line.agreement).price_of(line.kind)


def _line(agreement: Agreement | None, kind: str) -> AgreementService | None:
    return agreement.services.filter(service=kind).first() if agreement else None


def _add(statement: Statement, *, amount: int, shares: tuple[int, int, int], **facts: Any) -> Entry:
    asking, asked, platform = split(amount, shares)
    entry = Entry.objects.create(
        statement=statement,
        amount=amount,
        asking_amount=asking,
        asked_amount=asked,
        platform_amount=platform,
        shares=list(shares),
        **facts,
    )
    verb = "correct" if facts.get("corrects") else "accrue"
    audit.record(action=f"settlement.{verb}", target=entry)
    return entry
