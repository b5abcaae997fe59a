"""What sessions do when something happened to a doctor."""

from typing import Any
from uuid import UUID

from scheduling.availability import services


def hold_up(payload: dict[str, Any]) -> None:
    """Licence suspended or ended, account closed: seen twice, nothing is left to hold up."""
    services.hold_up(doctor_id=UUID(payload["user_id"]))


def let_go_on(payload: dict[str, Any]) -> None:
    services.let_go_on(doctor_id=UUID(payload["user_id"]))


def tell_to_stop(payload: dict[str, Any]) -> None:
    services.tell_to_stop(
        organisation_id=UUID(payload["organisation_id"]), doctor_id=UUID(payload["user_id"])
    )


def tell_withheld(payload: dict[str, Any]) -> None:
    services.tell_withheld(
        organisation_id=UUID(payload["organisation_id"]), doctor_id=UUID(payload["user_id"])
    )
