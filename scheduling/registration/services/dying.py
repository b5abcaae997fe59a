"""What a death ends."""

from uuid import UUID

from scheduling.registration.models import OPEN, TRANSITIONS, Because, Contract, Status
from scheduling.registration.services.applying import withdraw_locked
from scheduling.registration.services.ending import end_locked
from scheduling.registration.services.stepping import lock_all
from telemed.core.intentions import require_intention


def end_for_death(*, person_key: UUID) -> int:
    """Applications are withdrawn, contracts end; seen twice, nothing is left to end."""
    require_intention()
    rows = Contract.objects.filter(person_key=person_key).exclude(status=Status.ENDED)
    ended = 0
    for contract in lock_all(rows.values_list("pk", flat=True)):
        if contract.status in OPEN:
            withdraw_locked(contract)
        elif Status.ENDED in TRANSITIONS.get(Status(contract.status), ()):
            end_locked(contract, Because.DEATH)
        else:
            continue
        ended += 1
    return ended
