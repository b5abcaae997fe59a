"""
All drills, every round: python -m tests.drills. Some of them: python -m tests.drills valkey clock;
the names are those of the files here, the rest are pytest's own options.
"""

import sys
from pathlib import Path

import pytest


class Count:
    """How each drill ended; a failure before or after it counts as its own."""

    def __init__(self) -> None:
        self.failed: set[str] = set()
        self.passed: set[str] = set()
        self.skipped: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.skipped:
            self.skipped.add(report.nodeid)
        elif report.when == "call":
            self.passed.add(report.nodeid)


def main() -> int:
    count = Count()
    here = Path(__file__).parent
    known = {path.stem.removeprefix("test_"): str(path) for path in here.glob("test_*.py")}
    chosen = [known[word] for word in sys.argv[1:] if word in known] or [str(here)]
    options = [word for word in sys.argv[1:] if word not in known]
    ended = pytest.main([*chosen, "--all-drills", "--durations=0", *options], plugins=[count])
    passed = len(count.passed - count.failed)
    print(f"{passed} passed, {len(count.failed)} failed, {len(count.skipped)} skipped")
    return int(ended)


if __name__ == "__main__":
    sys.exit(main())
