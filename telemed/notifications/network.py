"""Who hears of agreements and statements: the people of the institutions that they bind."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from telemed.core import outbox
from telemed.notifications.services import notify
from telemed.organisations import events
from telemed.organisations.models import Agreement, Entry, Organisation, Statement
from telemed.people.models import PractitionerRole, Role, User

WRITERS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
SIGNERS = WRITERS | {Role.HEAD}
PAYERS = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_OFFICE})

Payload = dict[str, Any]


def subscribe() -> None:
    """Called in ready()."""
    outbox.subscribe(events.AgreementProposed, proposed)
    outbox.subscribe(events.AgreementRejected, rejected)
    outbox.subscribe(events.AgreementActivated, activated)
    outbox.subscribe(events.AgreementSuspended, suspended)
    outbox.subscribe(events.AgreementEnding, ending)
    outbox.subscribe(events.AgreementTerminated, ended)
    outbox.subscribe(events.AgreementExpired, ended)
    outbox.subscribe(events.StatementReviewed, reviewed)
    outbox.subscribe(events.StatementConfirmed, confirmed)
    outbox.subscribe(events.StatementDue, due)
    outbox.subscribe(events.EntryDisputed, disputed)
    outbox.subscribe(events.DisputeOverdue, undecided)


def proposed(payload: Payload) -> None:
    _tell_other(payload, "agreement.proposed", SIGNERS)


def rejected(payload: Payload) -> None:
    _tell_other(payload, "agreement.rejected", WRITERS)


def suspended(payload: Payload) -> None:
    _tell_both(payload, "agreement.suspended", SIGNERS)


def activated(payload: Payload) -> None:
    _tell_both(payload, "agreement.activated", SIGNERS)


def ending(payload: Payload) -> None:
    _tell_both(payload, "agreement.ending", SIGNERS, turn=payload["days"])


def ended(payload: Payload) -> None:
    _tell_both(payload, "agreement.ended", SIGNERS)


def _agreement(payload: Payload) -> Agreement | None:
    agreements = Agreement.objects.select_related("asking", "asked")
    return agreements.filter(pk=payload["agreement_id"]).first()


def _tell_other(payload: Payload, template: str, roles: Collection[str]) -> None:
    """The side that did not act."""
    agreement = _agreement(payload)
    if agreement is None:
        return
    by_asking = payload["by"] == str(agreement.asking_id)
    here, there = agreement.asking, agreement.asked
    mine, other = (here, there) if by_asking else (there, here)
    _tell(agreement, template, roles, to=other, org=mine)


def _tell_both(payload: Payload, template: str, roles: Collection[str], turn: int = 0) -> None:
    agreement = _agreement(payload)
    if agreement is None:
        return
    _tell(agreement, template, roles, to=agreement.asking, org=agreement.asked, turn=turn)
    _tell(agreement, template, roles, to=agreement.asked, org=agreement.asking, turn=turn)


def _tell(
    agreement: Agreement,
    template: str,
    roles: Collection[str],
    *,
    to: Organisation,
    org: Organisation,
    turn: int = 0,
) -> None:
    for recipient in people_at(to, roles):
        notify(
            recipient=recipient,
            template=template,
            about=agreement.pk,
            url=reverse("organisations:agreement", args=[agreement.pk]),
            turn=turn,
            org=org.name,
            date=f"{agreement.last_day:%Y-%m-%d}",
        )


def people_at(organisation: Organisation, roles: Iterable[str]) -> list[User]:
    """Who holds one of the roles there today."""
    today = timezone.localdate()
    held = PractitionerRole.objects.filter(
        organisation=organisation, role__in=list(roles), starts_on__lte=today
    ).exclude(ends_on__lt=today)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("pk"))


def reviewed(payload: Payload) -> None:
    statement = _statement(payload)
    if statement and statement.state == Statement.State.REVIEWED:
        _tell_of(statement, "settlement.ready", PAYERS, statement.asking)


def confirmed(payload: Payload) -> None:
    if statement := _statement(payload):
        _tell_of(statement, "settlement.confirmed", WRITERS, statement.asked)


def due(payload: Payload) -> None:
    """Whose turn it is: the reviewer's, then the payer's."""
    statement = _statement(payload)
    if statement is None:
        return
    if statement.state == Statement.State.ACCRUING:
        _tell_of(statement, "settlement.ready", {Role.COORDINATOR}, statement.asked, turn=1)
    elif statement.state == Statement.State.REVIEWED:
        _tell_of(statement, "settlement.ready", PAYERS, statement.asking, turn=1)


def disputed(payload: Payload) -> None:
    statement = _statement(payload)
    if statement is None:
        return
    lines = statement.entries.filter(state=Entry.State.DISPUTED).count()
    if lines:
        _tell_of(statement, "settlement.disputed", {Role.COORDINATOR}, statement.asked, turn=lines)


def undecided(payload: Payload) -> None:
    """The authority of the division that the answering side lies in, the nearest one first."""
    statement = _statement(payload)
    if statement is None:
        return
    code = statement.asked.division_id
    around = [code[:length] for length in range(2, len(code) + 1)]
    authorities = Organisation.objects.filter(
        kind=Organisation.Kind.AUTHORITY, division__in=around, active=True
    )
    authority = max(authorities, key=lambda a: len(a.division_id), default=None)
    if authority:
        _tell_of(statement, "settlement.undecided", WRITERS, authority)


def _statement(payload: Payload) -> Statement | None:
    statements = Statement.objects.select_related("asking", "asked")
    return statements.filter(pk=payload["statement_id"]).first()


def _tell_of(
    statement: Statement,
    template: str,
    roles: Collection[str],
    to: Organisation,
    turn: int = 0,
) -> None:
    for recipient in people_at(to, roles):
        notify(
            recipient=recipient,
            template=template,
            about=statement.pk,
            url=reverse("organisations:statement", args=[statement.pk]),
            turn=turn,
            date=_month(statement.month),
            n=turn,
        )


def _month(month: date) -> str:
    return f"{month:%Y-%m}"
