"""A store that only remembers, for tests that are not about the FHIR store."""

from typing import Any

import pytest

from telemed.core import publication


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """(type/id, resource) of everything that was published, in order."""
    kept: list[tuple[str, dict[str, Any]]] = []

    def keep(mapping: Any, resource_id: str, resource: dict[str, Any]) -> None:
        kept.append((f"{mapping.resource_type}/{resource_id}", resource))

    monkeypatch.setattr(publication, "_store", keep)
    return kept
