"""The embedded PostgreSQL: a cluster of our own, reached through a private socket."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from telemed.demo import binaries
from telemed.demo.children import Child, Identity, end_all_in, spawn
from telemed.demo.refusals import Refusal

DATABASE, OWNER, APP, SUPERUSER = "telemed", "telemed_owner", "telemed_app", "postgres"
UNPRIVILEGED = ("postgres", "nobody")  # who runs the database when root starts us
NO_RIGHTS_TO_LOSE = {"LC_ALL": "C", "TZ": "UTC"}

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "jit": "off",
    "log_line_prefix": "",
    # What people wrote must not reach the log: no statements, no DETAIL with a row's values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
MEGABYTE = 1 << 20
SHARE, LEAST, MOST = 8, 128, 1024  # of the memory; megabytes


def for_this_machine() -> dict[str, str]:
    """
    A million agreements touch more pages than the 128 MB that PostgreSQL starts with, and write so
    much that it would end a checkpoint, and copy every page anew, each half minute.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    buffers = min(max(memory // SHARE // MEGABYTE, LEAST), MOST)
    return {"shared_buffers": f"{buffers}MB", "max_wal_size": "4GB", "checkpoint_timeout": "15min"}


# pg_trgm makes nothing of Chinese unless LC_CTYPE is a UTF-8 one; its name differs by system.
CTYPES = ("C.UTF-8", "en_US.UTF-8")


def cluster_folder(data: Path) -> tuple[Path, Identity | None]:
    """
    Where the cluster is, and who runs it.

    PostgreSQL refuses to run as root. When the account that runs it then cannot reach the data
    folder (below /root, say), the cluster is kept in the system's state directory.
    """
    ordinary = data / "postgres"
    if os.geteuid() != 0:
        return ordinary, None
    elsewhere = binaries.STATE / hashlib.sha256(str(data).encode()).hexdigest()[:12] / "postgres"
    for existing in (ordinary, elsewhere):
        if existing.exists() and (owner := existing.stat()).st_uid != 0:
            return existing, Identity(owner.st_uid, owner.st_gid)
    identity = _unprivileged()
    return (ordinary if binaries.may_reach(data, identity) else elsewhere), identity


def _unprivileged() -> Identity:
    for name in UNPRIVILEGED:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(account.pw_uid, account.pw_gid)
    raise Refusal(f"PostgreSQL does not run as root: add an account named {UNPRIVILEGED[0]}.")


class Postgres:
    """One cluster: made, started, stopped, and the addresses of its database."""

    def __init__(
        self,
        *,
        data: Path,
        cluster: Path,
        identity: Identity | None,
        sockets: Path,
        keys: dict[str, str],
        throwaway: bool,
    ) -> None:
        self.data, self.cluster, self.identity = data, cluster, identity
        self.sockets, self.keys, self.throwaway = sockets, keys, throwaway
        made_by = cluster / "PG_VERSION"
        wanted = int(made_by.read_text()) if made_by.exists() else None
        self.binaries = binaries.postgres(wanted, identity)

    def make(self) -> None:
        """Make the cluster where there is none yet; whole or not at all."""
        if self.cluster.exists():
            return
        draft = self.cluster.with_name("postgres.new")
        draft.parent.mkdir(parents=True, exist_ok=True)
        if draft.parent != self.data:
            for folder in (draft.parent, draft.parent.parent):
                folder.chmod(0o711)  # the state directory: pass through, don't look around
        for ctype in CTYPES:
            said = self._initdb(draft, ctype)
            if not said:
                draft.rename(self.cluster)
                return
        raise Refusal(f"PostgreSQL could not make a database in {draft.parent}: {said}")

    def _initdb(self, draft: Path, ctype: str) -> str:
        """What went wrong, if anything; initdb cleans up after itself but not after a kill."""
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = draft.with_name("postgres.password")
        password.touch(mode=0o600)
        password.write_text(self.keys["superuser_password"])
        if self.identity:
            for path in (draft, password):
                os.chown(path, self.identity.uid, self.identity.gid)
        modern = self.binaries.major >= 17
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--lc-ctype={ctype}"]
        child = Child(
            "initdb",
            [
                *(self.binaries.tool("initdb"), "-D", str(draft), "-U", SUPERUSER, "-E", "UTF8"),
                *(locale if modern else [f"--locale={ctype}"]),
                *("-A", "scram-sha-256", "--pwfile", str(password)),
                *(["--no-sync"] if self.throwaway else []),
            ],
            identity=self.identity,
            environment=NO_RIGHTS_TO_LOSE,
        )
        process = spawn(child, data=self.data, output=subprocess.PIPE)
        said = process.communicate()[0].decode(errors="replace")
        password.unlink()
        return said.strip().replace("\n", " ") or "no reason given" if process.returncode else ""

    def child(self) -> Child:
        """The server itself, not pg_ctl: a direct child, so that it dies with us."""
        settings = {"unix_socket_directories": str(self.sockets), **SETTINGS}
        settings |= THROWAWAY if self.throwaway else for_this_machine()
        return Child(
            "database",
            [
                *(self.binaries.tool("postgres"), "-D", str(self.cluster)),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ],
            identity=self.identity,
            environment=NO_RIGHTS_TO_LOSE,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes everything, no recovery
            death_signal=signal.SIGINT,
            # Sessions of a killed server may outlive it, and no server starts beside them.
            clear=lambda: end_all_in(self.cluster),
        )

    def stop_leftover(self) -> bool:
        """End a server that outlived a killed run; whether there was one."""
        if not (self.cluster / "postmaster.pid").exists():
            return False
        for mode in ("fast", "immediate"):
            child = Child(
                "pg_ctl",
                [
                    *(self.binaries.tool("pg_ctl"), "-D", str(self.cluster)),
                    *("-m", mode, "-w", "-t", "5", "stop"),
                ],
                identity=self.identity,
                environment=NO_RIGHTS_TO_LOSE,
            )
            if spawn(child, data=self.data, output=subprocess.DEVNULL).wait() == 0:
                return True
        return False  # the file of a server that is gone; the next one takes it over

    def answers(self) -> bool:
        if not (self.sockets / ".s.PGSQL.5432").exists():
            return False
        try:
            self._superuser("postgres").close()
        except psycopg.errors.InvalidPassword as error:
            raise Refusal(
                f"The database in {self.cluster} refuses the password in secrets.json:"
                " the two do not belong together."
            ) from error
        except psycopg.OperationalError:
            return False
        return True

    def establish(self) -> None:
        """The roles and the database; safe to repeat, so a killed first start heals itself."""
        with self._superuser("postgres") as connection:
            for role, key in ((OWNER, "owner_password"), (APP, "app_password")):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = sql.SQL("ALTER" if known.fetchone() else "CREATE")
                rights = sql.SQL("CREATEDB" if self.throwaway and role == OWNER else "NOCREATEDB")
                connection.execute(
                    sql.SQL("{} ROLE {} LOGIN NOSUPERUSER {} PASSWORD {}").format(
                        verb, sql.Identifier(role), rights, sql.Literal(self.keys[key])
                    )
                )
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not known.fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    def url(self, role: str) -> str:
        password = self.keys["owner_password" if role == OWNER else "app_password"]
        return (
            f"postgresql://{role}:{password}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"
        )

    def _superuser(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets),
            dbname=database,
            user=SUPERUSER,
            password=self.keys["superuser_password"],
            connect_timeout=2,
            autocommit=True,
        )
