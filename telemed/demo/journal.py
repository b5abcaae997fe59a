"""One readable log of all processes: one line a record, each a row of key=value."""

import re
from contextlib import suppress
from pathlib import Path

from django.utils import timezone

from telemed.core.logs import record

KEEP = 50_000_000  # bytes; then it becomes telemed.log.1
SEVERE = re.compile(r"\b(ERROR|FATAL|PANIC|CRITICAL|Traceback)\b")


class Journal:
    """<data>/log/telemed.log"""

    def __init__(self, data: Path) -> None:
        self.path = data / "log" / "telemed.log"
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        self._open()

    def _open(self) -> None:
        if self.path.exists() and self.path.stat().st_size > KEEP:
            self.path.replace(self.path.with_suffix(".log.1"))
        self.path.touch(mode=0o600)
        self.file = self.path.open("a", buffering=1)

    def write(self, process: str, line: str) -> None:
        """What a child said, under its name; a line of a foreign program becomes a record."""
        if not is_record(line):
            level = "error" if SEVERE.search(line) else "info"
            line = record(at=timezone.localtime(), level=level, component=process, message=line)
        with suppress(OSError, ValueError):  # a full disk must not stop the supervisor too
            self.file.write(f"process={process} {line}\n")
            if self.file.tell() > KEEP:
                self.file.close()
                self._open()


def is_record(line: str) -> bool:
    return line.startswith("time=")
