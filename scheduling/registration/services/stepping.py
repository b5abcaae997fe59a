"""What every transition of a contract has in common: the lock, the step, the traces, the faces."""

from collections.abc import Iterable
from uuid import UUID

from scheduling.registration import queries
from scheduling.registration.events import ContractEvent
from scheduling.registration.models import Contract, Status, Step
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.intentions import require_intention
from telemed.people.models import User


def lock(actor: User, contract_id: UUID) -> Contract:
    """For somebody who may know of it. Raises NotFound for anybody else."""
    queries.get_contract(actor, contract_id)
    return lock_any(contract_id)


def lock_any(contract_id: UUID) -> Contract:
    [contract] = lock_all([contract_id])
    return contract


def lock_all(contract_ids: Iterable[UUID]) -> list[Contract]:
    """Several at once in ascending order: whoever comes the other way waits, and nobody forever."""
    rows = Contract.objects.filter(pk__in=list(contract_ids)).select_for_update(
        of=["self"], no_key=True
    )
    return list(rows.select_related(*queries.SHOWN).order_by("pk"))


def step(
    contract: Contract,
    status: Status,
    action: str,
    event: type[ContractEvent] | None = None,
    *,
    reason: str = "",
    **facts: int,
) -> None:
    """Change, save, and leave every trace of it, in the open intention."""
    before = contract.status
    contract.become(status)
    contract.save()
    note(contract, action, before, reason=reason)
    if event:
        outbox.announce(event(contract_id=contract.pk, **facts))


def note(contract: Contract, action: str, before: str, *, reason: str = "") -> None:
    """The row of the step, the audit row, and the next version of each face."""
    Step.objects.create(
        contract=contract,
        action=action,
        from_status=before,
        to_status=contract.status,
        by=require_intention().actor.actor_id,
        at=moments.now(),
    )
    audit.record(action=action, target=contract, patient_id=contract.patient_id, reason=reason)
    publish(contract)


def publish(contract: Contract) -> None:
    publication.publish(contract)
    assignment = getattr(contract, "assignment", None)
    if assignment:
        publication.publish(assignment)
    episode = getattr(contract, "episode", None)
    if episode:
        publication.publish(episode)
