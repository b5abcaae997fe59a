"""What must not go to production (`check --deploy`)."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

EMBEDDED = "embedded-only"
SHORTEST = 32  # characters


def refuse_embedded_secrets(**_: Any) -> list[CheckMessage]:
    """The defaults are for looking around; a key that everybody knows protects nothing."""
    found: list[CheckMessage] = []
    for number, name in enumerate(("SECRET_KEY", "FIELD_KEY"), start=1):
        value = getattr(settings, name)
        if value == EMBEDDED or len(value) < SHORTEST:
            hint = f"Set TELEMED_{name} or TELEMED_{name}_FILE to {SHORTEST} random characters."
            found.append(Error(f"{name} is not secret.", hint=hint, id=f"telemed.E00{number}"))
    if settings.DEMO:
        hint = "Unset TELEMED_DEMO."
        found.append(Error("The demo's accounts are known to all.", hint=hint, id="telemed.E003"))
    return found
