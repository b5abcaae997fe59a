"""The words for why somebody may see a record; each relationship has one sentence part."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from records.consent.relationships import (
    ACTS_FOR,
    BOOKED_HERE,
    BREAK_GLASS,
    FAMILY_DOCTOR,
    OPEN_CASE,
    OWN_RECORD,
    REFERRED_HERE,
    TREATED_HERE,
)

LABELS: dict[str, Any] = {
    OWN_RECORD: _("your own record"),
    ACTS_FOR: _("guardian or proxy"),
    TREATED_HERE: _("treated at your institution"),
    OPEN_CASE: _("an open case"),
    BOOKED_HERE: _("a visit with you"),
    FAMILY_DOCTOR: _("signed with your family-doctor team"),
    REFERRED_HERE: _("referred to you"),
    BREAK_GLASS: _("an emergency that you stated"),
}


def register(reason: str, label: Any) -> None:
    """A slice says its relationship in words. Called in ready()."""
    LABELS[reason] = label


def in_words(reasons: Iterable[str]) -> list[str]:
    """In the active language; a reason without words shows its own name."""
    return [str(LABELS.get(reason, reason)) for reason in reasons]
