"""The believable province of the demo."""

from collections.abc import Callable


def seed(progress: Callable[[str], None]) -> None:
    """Called at each start of a demo: adds what is missing and says what it does."""
