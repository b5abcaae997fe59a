"""
Upload speed beside a copy of the same files: python -m tests.benchmarks upload

Draws a thorax phantom of 300 slices (158 MB) and sends it to a Daphne of its own, as one ZIP and
slice by slice. Beside it: the same files copied on the same disk, durably as we keep them (write,
fsync, rename, fsync of the folder) and plainly. Prints MB/s and ratios; the goal is 0.3.
Exits 1 below the goal.
"""

import http.client
import io
import os
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.middleware.csrf import _get_new_csrf_string

from records.imaging import phantom
from records.imaging.models import Instance, Series, Study
from records.mpi.models import Patient
from telemed.core import publication
from telemed.people.models import User
from tests.benchmarks import application
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory, treated

__all__ = ["application"]

SLICES = 300
MB = 1_000_000
GOAL = 0.3
ROUNDS = 3
ROWS = ["durable copy", "plain copy", "one ZIP", "file by file"]

if publication._store is None:  # measured without a FHIR store when none is installed
    publication.connect(lambda mapping, name, resource: None)


@contextmanager
def server() -> Iterator[int]:
    """Daphne in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "telemed.serve", "-v", "0", "-b", "127.0.0.1", "-p", str(port)]
    command.append("tests.benchmarks.bench_upload:application")
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stderr=subprocess.DEVNULL
    )
    try:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def people() -> tuple[User, Patient]:
    clinic = ClinicFactory(number=secrets.randbelow(10**9) + 10**9)
    doctor = StaffFactory(username=f"bench{clinic.number}", language="en", organisation=clinic)
    return doctor, treated(PatientFactory(name="Benchmark"), clinic)


def forget(patient: Patient) -> None:
    Instance.objects.filter(series__study__patient=patient).delete()
    Series.objects.filter(study__patient=patient).delete()
    Study.objects.filter(patient=patient).delete()


class Browser:
    """One signed-in connection that posts files as the upload page does."""

    def __init__(self, port: int, doctor: User, patient: Patient) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(doctor.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = doctor.get_session_auth_hash()
        session.create()
        token = _get_new_csrf_string()
        self.path = f"/images/upload/{patient.pk}/"
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.headers = {
            "Cookie": f"sessionid={session.session_key}; csrftoken={token}",
            "X-CSRFToken": token,
            "Accept": "application/json",
            "Content-Type": "application/octet-stream",
        }

    def send(self, name: str, content: bytes) -> None:
        headers = self.headers | {"X-File-Name": name}
        self.line.request("POST", self.path, content, headers)
        answer = self.line.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {said[:300]!r}")


def durable_copy(sources: list[Path], target: Path) -> None:
    for source in sources:
        new = target / f"{source.name}.new"
        with source.open("rb") as read, new.open("wb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            write.flush()
            os.fsync(write.fileno())
        new.rename(target / source.name)
        folder = os.open(target, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def plain_copy(sources: list[Path], target: Path) -> None:
    for source in sources:
        shutil.copy(source, target / source.name)


def speed(size: int, act: Callable[[], None]) -> float:
    """MB/s."""
    began = time.perf_counter()
    act()
    return size / MB / (time.perf_counter() - began)


def main() -> int:
    doctor, patient = people()
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as made:
        folder = Path(made)
        for part in ("drawn", "durable", "plain"):
            (folder / part).mkdir()
        drawn = phantom.slices(
            key=str(patient.pk),
            name="Benchmark",
            patient_id="1",
            count=SLICES,
            at=patient.created_at,
        )
        for name, content in drawn:
            (folder / "drawn" / name).write_bytes(content)
        sources = sorted((folder / "drawn").iterdir())
        size = sum(source.stat().st_size for source in sources)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for source in sources:
                archive.write(source, source.name)

        found: dict[str, list[float]] = {name: [] for name in ROWS}
        with server() as port:
            browser = Browser(port, doctor, patient)
            browser.send(sources[0].name, sources[0].read_bytes())  # the first child has started

            def one_by_one() -> None:
                for source in sources:
                    browser.send(source.name, source.read_bytes())

            acts: list[Callable[[], None]] = [
                lambda: durable_copy(sources, folder / "durable"),
                lambda: plain_copy(sources, folder / "plain"),
                lambda: browser.send("all.zip", packed.getvalue()),
                one_by_one,
            ]
            for _round in range(ROUNDS):  # side by side, because other work on the machine varies
                for name, act in zip(ROWS, acts, strict=True):
                    forget(patient)
                    shutil.rmtree(settings.DATA_DIR / "files", ignore_errors=True)
                    found[name].append(speed(size, act))
    connection.close()
    return report(size, {name: statistics.median(speeds) for name, speeds in found.items()})


def report(size: int, found: dict[str, float]) -> int:
    durable, plain, *_uploads = found.values()
    print(f"{SLICES} slices, {size / MB:.0f} MB, median of {ROUNDS}")  # noqa: T201
    for name, mb in found.items():
        ratios = f"{mb / durable:6.2f} of the durable copy {mb / plain:6.2f} of the plain one"
        print(f"{name:14}{mb:8.0f} MB/s {ratios}")  # noqa: T201
    print(f"The goal is {GOAL} of the durable copy, as one ZIP.")  # noqa: T201
    return int(found["one ZIP"] < GOAL * durable)


if __name__ == "__main__":
    sys.exit(main())
