"""A contract in force: it begins, its renewal is asked for, and it runs out."""

from django.utils import timezone

from scheduling.registration import clock_rows
from scheduling.registration.events import (
    ContractActivated,
    ContractLapsed,
    ContractRenewalAsked,
)
from scheduling.registration.models import LIVE, Contract, Status
from scheduling.registration.services.applying import withdraw_locked
from scheduling.registration.services.claiming import give_back
from scheduling.registration.services.opening import open_record
from scheduling.registration.services.stepping import lock_any, publish, step
from scheduling.registration.services.telling import tell_people
from scheduling.registration.words import day_words
from telemed.core import moments, outbox
from telemed.core.clocks import find_last
from telemed.core.intentions import require_intention
from telemed.core.models import Clock


def activate(contract: Contract) -> None:
    """The team's from today: the record opens, the end and its reminders begin to run."""
    step(contract, Status.ACTIVE, "contract.activate", ContractActivated)
    clock_rows.start_term(contract)
    open_record(contract)


def begin(*, clock: Clock) -> None:
    """The first day of a renewal has come."""
    require_intention()
    contract = lock_any(clock.about)
    if contract.status == Status.SIGNED and contract.term.lower <= timezone.localdate():
        activate(contract)


def ask_renewal(*, clock: Clock) -> None:
    """Some weeks before the end, and again; never silently renewed."""
    require_intention()
    contract = lock_any(clock.about)
    if contract.status == Status.ACTIVE:
        step(
            contract,
            Status.RENEWAL_ASKED,
            "contract.ask_renewal",
            ContractRenewalAsked,
            rung=clock.rung,
        )
    elif contract.status == Status.RENEWAL_ASKED:
        outbox.announce(ContractRenewalAsked(contract_id=contract.pk, rung=clock.rung))


def run_out(*, clock: Clock) -> None:
    """The day after its last has come; one that was renewed ends quietly."""
    require_intention()
    contract = lock_any(clock.about)
    if contract.term.upper > timezone.localdate():
        return
    if contract.status in LIVE:
        lapse(contract)
    elif contract.status == Status.RENEWED:
        publish(contract)  # the care under it is over


def lapse(contract: Contract) -> None:
    give_back(contract)
    contract.ended_at = moments.now()
    step(contract, Status.LAPSED, "contract.lapse", ContractLapsed)
    clock_rows.stop(contract, clock_rows.RENEWAL, clock_rows.OF_AGE)
    clock_rows.start_hand_over(contract)


def await_signature(*, clock: Clock) -> None:
    """Reminded; then the application is withdrawn by itself."""
    require_intention()
    contract = lock_any(clock.about)
    if contract.status != Status.AGREED:
        return
    end = find_last(clock)
    if end is None:
        withdraw_locked(contract)
        return
    date = day_words(timezone.localdate(end.due_at))
    tell_people(contract, "contract.unsigned", turn=10 * clock.turn + clock.rung, date=date)
