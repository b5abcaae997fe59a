"""
What the waiting page knows without a database: two cookies that we signed.

The pass says who somebody is and holds for the one session that it was given to; the ticket says
since when they stand in which line, and is worth something to that account alone. Copied to
another browser neither of them is worth anything; a second window has the same place.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core import signing

PASS, TICKET = "opening_pass", "opening_ticket"
VALID = 12 * 3600  # seconds


@dataclass(frozen=True)
class Pass:
    """Who waits, and how they want to see the page where the device has not said."""

    account: str
    language: str
    theme: str
    large_type: bool


def write_pass(account: Pass, session_key: str) -> str:
    facts = [account.account, account.language, account.theme, int(account.large_type)]
    return signing.dumps([*facts, _mark(session_key)], salt=PASS)


def read_pass(text: str, session_key: str) -> Pass | None:
    """None for what is not ours, too old, or of another session."""
    found = _loads(text, PASS)
    if not session_key or not isinstance(found, list) or len(found) != 5:
        return None
    account, language, theme, large, session = found
    return Pass(account, language, theme, bool(large)) if session == _mark(session_key) else None


def write_ticket(opening_id: str, who: str, taken: float) -> str:
    return signing.dumps([opening_id, who, round(taken, 3)], salt=TICKET)


def read_ticket(text: str, who: str) -> tuple[str, float] | None:
    """The opening and the moment; None when it is somebody else's."""
    found = _loads(text, TICKET)
    if not isinstance(found, list) or len(found) != 3 or found[1] != who:
        return None
    return str(found[0]), float(found[2])


def _loads(text: str, salt: str) -> Any:
    try:
        return signing.loads(text, salt=salt, max_age=VALID) if text else None
    except signing.BadSignature:
        return None


def _mark(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]
