"""Who may change over with a PIN: doctors, and nobody who could do more than a doctor."""

from collections.abc import Iterable

from telemed.people.models import CLINICAL, Role

NEVER = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


def may_share(acting: str, held: Iterable[str]) -> bool:
    """`held`: every role of the account, for a PIN opens all of them."""
    return acting in CLINICAL and not NEVER & set(held)
