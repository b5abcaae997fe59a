"""
The disk for files and recordings is full (a small tmpfs, which needs root): an upload is refused in
words, nothing half-kept stays, /readyz says it, and with room again all goes on without a restart.
"""

import json
import os
import subprocess
from contextlib import contextmanager

import pytest

from tests.drills.conftest import demonstration, wait_for
from tests.drills.playing import play
from tests.drills.witness import Witness
from tests.journey import Journey
from tests.visitors import JSON, NoAnswer

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk"),
]

MOUNT, UMOUNT = "/usr/bin/mount", "/usr/bin/umount"
DISK = 160  # MB, of which 100 stay free
SAYS, SAID = 503, "disk is nearly full"


@contextmanager
def small_disk(place):
    place.mkdir(parents=True, exist_ok=True)
    mount = [MOUNT, "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield
    finally:
        subprocess.run([UMOUNT, str(place)], check=True)


@pytest.fixture(scope="module")
def stack(folder):
    with demonstration(folder / "var") as running:
        yield running


def refused(act) -> str:
    """What is said to whoever tries."""
    try:
        answer = act()
    except NoAnswer as none:
        if none.answer is None:
            raise
        answer = none.answer
    assert answer.status == SAYS, answer.text[:500]
    return json.loads(answer.body)["text"]


def test_a_full_disk_is_said_and_keeps_nothing_by_halves(stack, signed_in):
    witness, doctor = Witness(stack.data), signed_in("township")
    patient = Journey(doctor, doctor, "wjh").find_patient()
    bare = {**JSON, "Content-Type": "application/octet-stream", "X-File-Name": "a.dcm"}
    doctor.post("/preferences/", {"language": "en"})
    files = stack.data / "files"

    def upload(size: int):
        token = {"X-CSRFToken": doctor.cookies["csrftoken"]}
        return doctor.ask("POST", f"/images/upload/{patient}/", bytes(size), bare | token)

    count = "SELECT count(*) FROM imaging_instance"
    before = witness.one(count)
    with small_disk(files):
        assert SAID in refused(lambda: upload(80 << 20))
        wait_for(lambda: left(files) == 0)  # what waited goes with its request
        filler = files / "somebody-elses"
        filler.write_bytes(bytes((DISK - 20) << 20))
        refused(lambda: upload(1 << 20))
        assert stack.broken() == {"disk"}
        play(Journey(doctor, doctor, "zqy"), "begin", "write", "consent", "send")
        filler.unlink()
        wait_for(lambda: not stack.broken())
        assert upload(1 << 20).status == 422, "no picture, and there is room to find that out"
        wait_for(lambda: left(files) == 0)  # what waited goes with its request
    with small_disk(stack.data / "recordings"):
        (stack.data / "recordings" / "filler").write_bytes(bytes((DISK - 20) << 20))
        assert stack.broken() == {"disk"}
    wait_for(lambda: not stack.broken())
    assert witness.one(count) == before


def left(place) -> int:
    return sum(1 for path in place.rglob("*") if path.is_file())
