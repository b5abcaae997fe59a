"""Ending a contract before its time, and handing the person over."""

from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.registration import clock_rows, queries
from scheduling.registration.events import ContractEnded
from scheduling.registration.models import IN_CARE, Because, Contract, Status
from scheduling.registration.services.claiming import give_back
from scheduling.registration.services.opening import close_record
from scheduling.registration.services.stepping import lock, note, step
from scheduling.registration.services.telling import tell_user
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.errors import Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.core.reasons import checked_reason
from telemed.people.models import Role, User

RESIDENTS = (Because.WISH, Because.MOVED)
LEADERS = (Because.MOVED, Because.VIOLENCE, Because.DEATH)
HAND_OVER = 10  # characters
OVER = (Status.LAPSED, Status.ENDED)


def end(*, actor: User, contract_id: UUID, because: str, note: str = "") -> Contract:
    """By the resident at any time; by the leader for who moved away, died or was violent."""
    require_intention()
    contract = lock(actor, contract_id)
    resident = actor.role == Role.RESIDENT
    may = resident or queries.leads(actor, contract.team)
    require(may, _("The resident or the leader of the team ends a contract."))
    if because not in (RESIDENTS if resident else LEADERS):
        raise Invalid(_("Please choose the reason."), path="because")
    if because == Because.VIOLENCE:
        checked_reason(note, path="note")
    if contract.status == Status.ENDED:
        return contract
    end_locked(contract, because, note)
    return contract


def end_locked(contract: Contract, because: str, words: str = "") -> None:
    """The rest of the term is free for another team from today on."""
    was_cared_for = contract.status in IN_CARE and contract.is_in_care
    today = timezone.localdate()
    give_back(contract)
    first = contract.term.lower if contract.term else None
    begun = first is not None and first < today
    contract.term = DateRange(first, today) if begun else DateRange(empty=True)
    contract.ended_at = moments.now()
    contract.ended_because, contract.ended_note = because, words.strip()[:200]
    step(contract, Status.ENDED, "contract.end", ContractEnded, reason=because)
    clock_rows.stop(contract)
    close_record(contract)
    if was_cared_for and because not in (Because.DEATH, Because.TEAM_CLOSED):
        clock_rows.start_hand_over(contract)


def shorten(contract: Contract) -> None:
    """One that was renewed stays so, and holds until yesterday: its team closes."""
    contract.term = DateRange(contract.term.lower, timezone.localdate())
    contract.save(update_fields=["term"])
    note(contract, "contract.shorten", contract.status)
    clock_rows.stop(contract)
    close_record(contract)


def write_hand_over(*, actor: User, contract_id: UUID, note: str) -> Contract:
    """What the next team has to know; once written it stays."""
    require_intention()
    contract = lock(actor, contract_id)
    require(queries.leads(actor, contract.team), _("The leader of the team hands over."))
    if contract.status not in OVER or contract.handed_over_at:
        raise contract.out_of_turn()
    if len(note.strip()) < HAND_OVER:
        sentence = _("Write at least {n} characters for the next team.").format(n=HAND_OVER)
        raise Invalid(sentence, path="note")
    contract.hand_over, contract.handed_over_at = note.strip()[:500], moments.now()
    contract.save(update_fields=["hand_over", "handed_over_at"])
    clock_rows.stop(contract, clock_rows.HAND_OVER)
    audit.record(action="contract.hand_over", target=contract, patient_id=contract.patient_id)
    return contract


def miss_hand_over(*, clock: Clock) -> None:
    """Half of the time for it: the leader; all of it: the coordinators, too."""
    require_intention()
    rows = Contract.objects.filter(pk=clock.about, handed_over_at=None, status__in=OVER)
    contract = rows.select_related(*queries.SHOWN).first()
    if contract is None:
        return
    turn = 10 * clock.turn + clock.rung
    tell_user(queries.leader_of(contract.team), contract, "contract.handover", turn=turn)
    if clock.rung:
        for coordinator in queries.coordinators_of(contract.team.organisation):
            tell_user(coordinator, contract, "contract.overdue", turn=100 + turn)
