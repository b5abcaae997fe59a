"""What a green channel does when something happens to its referral or patient; twice is once."""

from typing import Any
from uuid import UUID

from scheduling.greens import queries, services


def arrive(payload: dict[str, Any]) -> None:
    referral_id = UUID(payload["referral_id"])
    if green_id := queries.find_by_referral(referral_id):
        services.follow_arrival(green_id=green_id)


def miss(payload: dict[str, Any]) -> None:
    if green_id := queries.find_by_referral(UUID(payload["referral_id"])):
        services.follow_missed(green_id=green_id)


def withdraw(payload: dict[str, Any]) -> None:
    if green_id := queries.find_by_referral(UUID(payload["referral_id"])):
        services.follow_withdrawal(green_id=green_id)


def end_for_death(payload: dict[str, Any]) -> None:
    services.end_for_death(person_key=UUID(payload["patient_id"]))
