"""
One benchmark on servers of its own: python -m tests.benchmarks NAME [options]

NAME: availability, booking, fhir, figures, growth, nightly, opening, pages, rooms, routing, trail
or upload.

Makes a throwaway data folder, starts PostgreSQL and Valkey as `up` does (durable), lays the tables
out, runs the benchmark with its options, and takes everything away. An idle machine, please.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from telemed.demo import stack
from telemed.demo.children import ROOT

NAMES = (
    "availability",
    "booking",
    "fhir",
    "figures",
    "growth",
    "nightly",
    "opening",
    "pages",
    "rooms",
    "routing",
    "trail",
    "upload",
)
OWN = {"pages"}  # brings the demonstration with it


def measure(name: str, options: list[str], data: Path) -> int:
    """The benchmark's exit status: 1 when a limit is broken."""
    environment = {**os.environ, "TELEMED_DATA": str(data)}

    def run(*arguments: str) -> int:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - our own

    bench = ("-m", f"tests.benchmarks.bench_{name}", *options)
    if name in OWN:
        return run(*bench)
    with stack.running(data):
        return run("manage.py", "prepare") or run(*bench)


def main() -> int:
    match sys.argv[1:]:
        case [name, *options] if name in NAMES:
            pass
        case _:
            sys.stderr.write(f"Which one? {', '.join(NAMES)}\n")
            return 2
    data = Path(tempfile.mkdtemp(prefix="telemed-bench-")).resolve()
    data.chmod(0o711)  # root's database runs as somebody else
    try:
        return measure(name, options, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
