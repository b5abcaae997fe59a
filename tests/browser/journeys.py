"""The journeys of docs/journeys.md: whose, how many clicks at most, and which test plays it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent.parent / "docs" / "journeys.md"
ROW = re.compile(r"\| (?P<role>[a-z ]+) (?P<number>\d+) \|(?P<cells>.*)\|")


@dataclass(frozen=True)
class Journey:
    what: str
    limit: int
    clicks: int
    tests: tuple[str, ...]  # "test_file.py::test_name"


@cache
def journeys() -> dict[str, Journey]:
    """By "administrator 1"."""
    found = {}
    for line in TABLE.read_text().splitlines():
        if row := ROW.fullmatch(line.strip()):
            what, limit, clicks, tests = (cell.strip() for cell in row["cells"].split("|"))
            named = tuple(re.findall(r"`([\w.]+::\w+)`", tests))
            key = f"{row['role']} {row['number']}"
            found[key] = Journey(what, int(limit), int(clicks), named)
    return found


def journey(key: str) -> Journey:
    return journeys()[key]
