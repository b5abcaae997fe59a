"""All drills, every round: python -m tests.drills"""

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
    here = str(Path(__file__).parent)
    ended = pytest.main([here, "--all-drills", "--durations=0", *sys.argv[1:]], plugins=[count])
    passed = len(count.passed - count.failed)
    print(f"{passed} passed, {len(count.failed)} failed, {len(count.skipped)} skipped")
    return int(ended)


if __name__ == "__main__":
    sys.exit(main())
