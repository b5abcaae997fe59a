"""What the person who typed `up` sees."""

import time
from typing import TextIO

COLLECTED = "Static files are collected"  # `prepare` says it, and `up` goes on by it


class Console:
    """A terminal that was closed stops nothing."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.began = out, time.monotonic()

    def say(self, line: str) -> None:
        """A step, with the seconds since the beginning."""
        self.show(f"{time.monotonic() - self.began:5.1f} s  {line}")

    def show(self, line: str) -> None:
        try:
            self.out.write(line + "\n")
            self.out.flush()
        except (OSError, ValueError):
            return
