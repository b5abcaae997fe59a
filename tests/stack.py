"""The servers that the tests run on: those in the environment, or throwaway ones of their own."""

import atexit
import os
import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from telemed import runtime
from telemed.demo import stack

NAMES = ("TELEMED_DATABASE_URL", "TELEMED_OWNER_DATABASE_URL", "TELEMED_REDIS_URL")
PREFIX = "telemed-tests-"


def ensure() -> None:
    """Never the demo's own stack: tests empty their tables."""
    os.environ["TELEMED_DATABASE_POOL"] = "0"  # each test thread has a connection of its own
    if all(os.environ.get(name) for name in NAMES):
        return
    _remove_left()
    servers = ExitStack()
    atexit.register(servers.close)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    servers.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o711)  # root's database runs as somebody else
    os.environ["TELEMED_DATA"] = str(folder)
    servers.enter_context(stack.running(folder, throwaway=True))


def _remove_left() -> None:
    """Folders of killed runs; one without a lock that is an hour old is nobody's."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not runtime.is_held(folder) and folder.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(folder, ignore_errors=True)
