"""The line itself, before anybody speaks over it."""

import subprocess

from tests.line.needs import pytestmark
from tests.line.wire import clear, ip

__all__ = ["pytestmark"]
LEFT = "tm-left"


def test_what_a_killed_run_left_does_not_stop_the_next():
    ip("netns", "add", LEFT)
    left = subprocess.Popen(["/usr/sbin/ip", "netns", "exec", LEFT, "sleep", "60"])  # noqa: S603
    while str(left.pid) not in ip("netns", "pids", LEFT).split():
        assert left.poll() is None
    for _ in range(2):  # and again, with nothing left
        clear(LEFT)
    assert left.wait() < 0
    assert LEFT not in ip("netns", "list")
