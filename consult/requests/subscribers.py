"""What happens to people changes who holds a case."""

from typing import Any
from uuid import UUID

from consult.requests import services

REASONS = {
    "licence.suspended": "执业暂停",
    "licence.expired": "执业证到期",
    "account.disabled": "账号停用",
}


def return_work(payload: dict[str, Any], topic: str) -> None:
    """What the doctor holds or was asked goes back; seen twice, there is nothing left to return."""
    services.return_open_work(doctor_id=UUID(payload["user_id"]), reason=REASONS[topic])
