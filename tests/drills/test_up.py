"""`up` starts everything, stops everything, and says in one sentence why it can't."""

import json
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from tests.drills.conftest import wait_for

LIMIT = 5  # seconds in which everything stops


def test_it_serves_and_a_termination_leaves_no_process(up):
    stack = up().ready()

    assert stack.end(signal.SIGTERM) < LIMIT

    assert stack.process.returncode == 0
    assert stack.processes() == []
    assert not (stack.data / "runtime.json").exists()


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_works(up):
    killed = up().ready()

    killed.end(signal.SIGKILL)

    wait_for(lambda: killed.processes() == [])
    again = up().serving()
    assert again.end(signal.SIGINT) < LIMIT
    assert again.processes() == []


def test_whoever_dies_is_started_again(up):
    stack = up().ready()

    for name in ("database", "valkey", "worker", "web"):
        before = stack.pid_of(name)
        os.kill(before, signal.SIGKILL)
        wait_for(lambda name=name, before=before: stack.pid_of(name) != before)
        wait_for(lambda: stack.status("/readyz") == 200)

    log = (stack.data / "log" / "telemed.log").read_text()
    assert "web ended by signal 9; starting it again in 0.2 s" in log


def test_a_session_that_outlives_a_killed_database_is_not_in_the_way_of_the_next(up):
    stack = up().ready()
    url = json.loads((stack.data / "runtime.json").read_text())["database_url"]

    with psycopg.connect(url) as busy, ThreadPoolExecutor(1) as pool:
        endless = "DO $$ BEGIN LOOP END LOOP; END $$"  # looks up at nobody
        pool.submit(busy.execute, endless)
        wait_for(lambda: busy.info.transaction_status == TransactionStatus.ACTIVE)
        before = stack.pid_of("database")
        stack.kill("database")
        wait_for(lambda: stack.pid_of("database") != before)
        wait_for(lambda: stack.status("/readyz") == 200)

    assert "is still in use" not in (stack.data / "log" / "telemed.log").read_text()


def test_a_folder_has_one_stack_at_a_time(up):
    first = up().serving()
    second = up(port=first.port + 1)
    assert second.said().startswith(f"Telemed already runs on {first.data} at http://localhost:")
    assert second.process.returncode == 1


def test_a_taken_port_is_said_in_one_sentence(up, port, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = up(data=tmp_path / "var")
        said = refused.said()
    assert said.strip() == (
        f"Telemed cannot listen on 127.0.0.1 port {port} (Address already in use):"
        " choose another with --port or --host."
    )


@pytest.mark.parametrize("place", ["a file", "below a file"])
def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(up, tmp_path, place):
    file = tmp_path / "file"
    file.touch()
    refused = up(data=file if place == "a file" else file / "var")
    said = refused.said().strip()
    assert "cannot write to the data folder" in said
    assert len(said.splitlines()) == 1
    assert refused.process.returncode == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else_is_said_in_one_sentence(up, tmp_path):
    tmp_path.chmod(0o500)
    said = up(data=tmp_path / "var").said().strip()
    assert "cannot write to the data folder" in said
    assert len(said.splitlines()) == 1
