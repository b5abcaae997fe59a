"""A case is filed when it is closed, and again when something is added or its thread has ended."""

from typing import Any
from uuid import UUID

from consult.archive import services
from telemed.core.models import Clock


def file_copies(payload: dict[str, Any]) -> None:
    """Idempotent: nothing new is filed for a case that did not change."""
    services.archive_case(case_id=UUID(payload["case_id"]))


def file_thread(clock: Clock) -> None:
    """What was said since the case was closed."""
    services.archive_thread(case_id=clock.about)
