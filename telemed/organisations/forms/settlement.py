"""What the settlement's addresses and forms hold."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from telemed.core.errors import Invalid
from telemed.organisations.models import Entry
from telemed.organisations.queries.statements import Wanted


def month_of(text: str) -> date | None:
    """The first day of "2026-11"; None where nothing is given."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid(_("Choose a month, like 2026-11."), path="month") from None


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """Which lines of a statement are looked for. Raises Invalid for what no form offers."""
    return Wanted(
        text=query.get("q", "").strip()[:60],
        kind=_one_of(query.get("kind", ""), Entry._meta.get_field("kind").choices, "kind"),
        state=_one_of(query.get("state", ""), Entry.State.choices, "state"),
        after=query.get("after", ""),
    )


def _one_of(text: str, choices: Any, path: str) -> str:
    if text and text not in dict(choices):
        raise Invalid(_("Choose one of the values offered."), path=path)
    return text


def fen_of(text: str) -> int:
    """120, 120.5 and 120.50 are yuan."""
    try:
        fen = Decimal(text.strip()) * 100
        if not fen.is_finite() or fen != int(fen):
            raise InvalidOperation
    except InvalidOperation:
        raise Invalid(_("Give an amount in yuan, like 120.00."), path="amount") from None
    return int(fen)


def ids_of(texts: list[str]) -> list[UUID]:
    """The lines that are ticked."""
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Invalid(_("Choose lines of the list."), path="entries") from None
