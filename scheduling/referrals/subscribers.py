"""What a referral does when something happens to its visit or patient; heard twice, nothing."""

from typing import Any
from uuid import UUID

from scheduling.referrals import services


def arrive(payload: dict[str, Any]) -> None:
    services.mark_arrived(appointment_id=UUID(payload["appointment_id"]))


def move(payload: dict[str, Any]) -> None:
    services.note_moved(appointment_id=UUID(payload["appointment_id"]))


def lose_visit(payload: dict[str, Any]) -> None:
    services.note_visit_gone(appointment_id=UUID(payload["appointment_id"]))


def end_for_death(payload: dict[str, Any]) -> None:
    services.end_for_death(person_key=UUID(payload["patient_id"]))
