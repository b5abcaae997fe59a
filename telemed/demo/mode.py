"""What exists in a demonstration only."""

from django.conf import settings


def require_demo(refusal: type[Exception]) -> None:
    """Raise it, with one sentence, anywhere but in a demonstration."""
    if not settings.DEMO:
        raise refusal("This works in a demonstration only (TELEMED_DEMO=true).")
