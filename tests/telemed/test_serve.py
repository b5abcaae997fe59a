"""Bodies as `up` receives them: large bare ones in a file, all others as Daphne always did."""

import hashlib
import http.client
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.telemed import serving

ROOT = Path(__file__).parents[2]
UPLOAD = "/images/upload/00000000-0000-0000-0000-000000000000/"
BARE = "application/octet-stream"
LARGE = b"0123456789abcdef" * (4 << 20)  # 64 MB


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serve")
    path = str(folder / "socket")
    command = [
        "/usr/bin/env",
        f"TELEMED_DATA={folder}",
        sys.executable,
        "-m",
        "telemed.serve",
        "-v",
        "0",
        "-u",
        path,
    ]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, f"{serving.__name__}:application"], cwd=ROOT
    )
    serving.await_socket(path, process)
    yield path
    process.terminate()
    process.wait(10)


def post(server, path, body, kind):
    line = http.client.HTTPConnection("localhost", timeout=30)
    line.sock = socket.socket(socket.AF_UNIX)
    line.sock.connect(server)
    line.request("POST", path, body, {"Content-Type": kind})
    answer = line.getresponse()
    said = json.loads(answer.read())
    line.close()
    return said


def test_a_large_upload_goes_past_memory_into_a_file_that_goes_with_the_line(server):
    before = post(server, UPLOAD, b"small", BARE)

    said = post(server, UPLOAD, LARGE, BARE)

    assert (before["collected"], before["body"]) == (None, digest(b"small"))
    assert said["body"] == digest(b"")
    assert said["collected"] == digest(LARGE)
    assert said["peak"] - before["peak"] < len(LARGE) // 4
    serving.await_true(lambda: not Path(said["path"]).exists())


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/elsewhere/", BARE), (UPLOAD, "multipart/form-data; boundary=x"), (UPLOAD, "text/plain")],
)
def test_every_other_body_comes_whole(server, path, kind):
    body = LARGE[: 1 << 20]
    said = post(server, path, body, kind)
    assert (said["collected"], said["body"]) == (None, digest(body))


def digest(body):
    return hashlib.sha256(body).hexdigest()
