"""What follows from contracts, and what duties say when something happened to them."""

from typing import Any
from uuid import UUID

from scheduling.duties import services
from scheduling.duties.models import Answered
from scheduling.duties.services import settling
from scheduling.duties.services.stepping import lock_any
from scheduling.duties.services.telling import tell_doctor, tell_leader, tell_people
from scheduling.registration.models import Contract
from scheduling.registration.queries import SHOWN


def begin(payload: dict[str, Any]) -> None:
    contract = _contract(payload)
    if contract.is_in_care:
        services.begin(contract)


def close(payload: dict[str, Any]) -> None:
    services.close(_contract(payload))


def tell_served(payload: dict[str, Any]) -> None:
    duty = lock_any(UUID(payload["duty_id"]))
    if duty.answered != Answered.SIGNED:  # who has just signed is not asked
        tell_people(duty)


def tell_disputed(payload: dict[str, Any]) -> None:
    settling.tell_disputed(lock_any(UUID(payload["duty_id"])))


def tell_warned(payload: dict[str, Any]) -> None:
    tell_leader(lock_any(UUID(payload["duty_id"])), "duty.warned")


def tell_proposed(payload: dict[str, Any]) -> None:
    tell_doctor(lock_any(UUID(payload["duty_id"])))


def _contract(payload: dict[str, Any]) -> Contract:
    rows = Contract.objects.select_related(*SHOWN, "assignment")
    return rows.get(pk=UUID(payload["contract_id"]))
