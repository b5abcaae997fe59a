"""What a system says and the rows here contradict: written down, shown, and settled by a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from records.fhir.keeping import Contradiction
from scheduling.availability import differences
from scheduling.availability.models import Disagreement, Period, Pool, Session
from scheduling.availability.permissions import may_keep
from scheduling.availability.services.locking import lock_session
from scheduling.availability.services.places import lock_period
from scheduling.availability.services.resizing import MOST, fitted, write_places
from scheduling.availability.services.stopping import not_yours, stop_session
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.core.reasons import checked_reason
from telemed.people import services as people
from telemed.people.models import User

REASON, LONGEST_REASON = 2, 200
State = Disagreement.State


@dataclass(eq=False)
class Differs(Contradiction):
    """The refusal of what a system sent, with what is written down about it."""

    session: Session
    period: Period | None
    what: str  # Disagreement.Kind
    said: dict[str, Any] = field(default_factory=dict)
    here: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        theirs = differences.said(self.what, self.said)
        ours = differences.here(self.what, self.here)
        sentence = _("You say: {theirs}. Here: {ours}. Nothing was changed; the desk sees both.")
        message = sentence.format(theirs=theirs, ours=ours)
        if kept := _settled(self, State.OURS):
            more = _("The desk kept its own: {reason}.").format(reason=kept.reason)
            message = f"{message} {more}"
        super().__init__(message, path="Schedule" if self.period is None else "Slot")


def is_taken(differs_as: dict[str, Any], period: Period) -> bool:
    """The desk took the system's word about this period before, and it says the same again."""
    rows = Disagreement.objects.filter(period=period).exclude(state=State.OPEN)
    last = rows.order_by("-settled_at").first()
    return last is not None and last.state == State.THEIRS and last.said == differs_as


def remember(error: Contradiction) -> None:
    """One open row a session or period; the same again adds nothing, nor what a desk decided."""
    require_intention()
    system = error.session.application if isinstance(error, Differs) else None
    if not isinstance(error, Differs) or system is None:
        return
    # Who writes takes turns.
    Session.objects.select_for_update(no_key=True).get(pk=error.session.pk)
    if _settled(error, State.OURS):
        return
    facts = {"kind": error.what, "said": error.said, "here": error.here}
    about = {"session": error.session, "period": error.period}
    row = Disagreement.objects.filter(**about, state=State.OPEN).first()
    if row is None:
        row = Disagreement(**about, application=system)
    if all(getattr(row, name) == value for name, value in facts.items()):
        return
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    audit.record(action="session.differ", target=error.session)
    publication.publish(row)


def agree(session: Session, periods: Iterable[Period] | None = None) -> None:
    """Of a locked session: what the system sends now is so here, and nothing is open about it."""
    require_intention()
    rows = Disagreement.objects.filter(session=session, state=State.OPEN)
    rows = rows.filter(period=None) if periods is None else rows.filter(period__in=list(periods))
    for row in rows.select_related("session"):
        row.state, row.settled_at = State.OVER, moments.now()
        row.save(update_fields=["state", "settled_at"])
        publication.publish(row)


def settle(*, actor: User, disagreement_id: UUID, choice: str, reason: str) -> Disagreement:
    """
    A keeper of the hospital decides: "theirs" makes the system's word true here, where that moves
    nobody by hand; "ours" leaves everything and tells the system why.
    """
    require_intention()
    require(may_keep(actor), not_yours())
    mine = Disagreement.objects.filter(session__organisation=actor.organisation_id)
    seen = mine.select_related("application__organisation").filter(pk=disagreement_id).first()
    if seen is None:
        raise NotFound(_("Not found, or not yours to know of."))
    if choice not in (State.THEIRS, State.OURS):
        raise Invalid(_("Choose the system's or ours."), path="choice")
    why = checked_reason(reason, shortest=REASON, longest=LONGEST_REASON)
    account = people.account_of(application=seen.application)
    session = lock_session(account, seen.session_id)
    mine = mine.select_for_update(of=["self"], no_key=True).select_related("session")
    row = mine.get(pk=disagreement_id)
    if row.state != State.OPEN:
        raise Conflict(_("This is settled already."), path="state")
    if choice == State.THEIRS:
        if not row.can_take:
            sentence = _("Move or cancel the bookings first; then the system's next message holds.")
            raise Conflict(sentence, path="choice")
        if row.kind == Disagreement.Kind.DROPPED:
            stop_session(actor=account, session_id=session.pk, reason=why, plan="cancel")
        elif row.period_id:
            _leave_free(session, row.period_id, row.said["free"])
    row.state, row.settled_by, row.settled_at, row.reason = choice, actor, moments.now(), why
    row.save(update_fields=["state", "settled_by", "settled_at", "reason"])
    audit.record(action="session.settle", target=session, reason=why)
    publication.publish(row)
    return row


def _leave_free(session: Session, period_id: UUID, free: int) -> None:
    """As many places as the system still has, beside those that are taken here."""
    period = lock_period(period_id)
    taken = {pool.pool: pool.taken for pool in period.pools.all()}
    wanted = {**taken, Pool.PUBLIC: taken.get(Pool.PUBLIC, 0) + free}
    if not 1 <= sum(wanted.values()) <= MOST:
        sentence = _("Between 1 and {most} places in each period.")
        raise Conflict(sentence.format(most=MOST), path="choice")
    write_places({period.pk: fitted(session, period, wanted, taken)})


def _settled(error: Differs, state: str) -> Disagreement | None:
    """What a desk decided last about this, if the system says the same again."""
    rows = Disagreement.objects.filter(session=error.session, period=error.period)
    last = rows.exclude(state=State.OPEN).order_by("-settled_at").first()
    same = last is not None and (last.kind, last.said) == (error.what, error.said)
    return last if same and last is not None and last.state == state else None
