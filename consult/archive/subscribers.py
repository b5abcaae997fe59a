"""A case is filed when it is closed, and again when something is added."""

from typing import Any
from uuid import UUID

from consult.archive import services


def file_copies(payload: dict[str, Any]) -> None:
    """Idempotent: nothing new is filed for a case that did not change."""
    services.archive_case(case_id=UUID(payload["case_id"]))
