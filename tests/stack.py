"""
The servers that the tests run on: those in the environment, or throwaway ones of their own.

A plugin that pytest loads before everything else (`-p tests.stack`), because the settings read the
addresses when they are imported.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from telemed.demo import stack

NAMES = ("TELEMED_DATABASE_URL", "TELEMED_OWNER_DATABASE_URL", "TELEMED_REDIS_URL")
PREFIX = "telemed-tests-"

servers = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Never the demo's own stack: tests empty their tables."""
    os.environ["TELEMED_DATABASE_POOL"] = "0"  # each test thread has a connection of its own
    if not all(os.environ.get(name) for name in NAMES):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        servers.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o711)  # root's database runs as somebody else
        os.environ["TELEMED_DATA"] = str(folder)
        servers.enter_context(stack.running(folder, throwaway=True))
    return (yield)


def pytest_unconfigure() -> None:
    servers.close()
