import logging
import threading

import pytest
from celery import current_app

from telemed.core import deadlines, pulse
from telemed.core.deadlines import OVERRUN, Timed, Watch


@pytest.fixture
def ended():
    return []


@pytest.fixture
def watch(ended):
    """Looks only when it is told to."""
    watch = Watch(end=ended.append)
    watch.thread = threading.current_thread()
    yield watch
    with pulse._server() as server:
        server.delete(pulse.STUCK)


def test_a_task_within_its_limits_is_left_alone(watch, ended):
    with watch.over("telemed.core.tasks.relay_outbox_task", soft=20, hard=30):
        watch.look()

    assert pulse.stuck() == ended == []
    assert not watch.running


def test_a_task_past_its_soft_limit_is_named_once_with_where_it_stands(watch, ended, caplog):
    with watch.over("deliver_task", soft=0, hard=30), caplog.at_level(logging.ERROR):
        watch.look()
        watch.look()

    assert pulse.stuck() == ["deliver_task"]
    (line,) = caplog.messages
    assert line.startswith("Task deliver_task has run for 0 s, at ")
    assert f"{__file__}:" in line
    assert ended == []


def test_a_task_past_its_hard_limit_ends_the_worker(watch, ended, caplog):
    with watch.over("deliver_task", soft=0, hard=0):
        watch.look()

    assert ended == [OVERRUN]
    assert "deliver_task ran over the limit; the worker ends" in caplog.messages


def test_a_task_that_fails_is_watched_no_longer(watch):
    with pytest.raises(ValueError, match="broken"), watch.over("deliver_task", soft=0, hard=0):
        raise ValueError("broken")

    assert not watch.running


def test_every_task_of_ours_is_watched():
    current_app.loader.import_default_modules()
    ours = [
        task for name, task in current_app.tasks.items() if name.startswith(("telemed", "consult"))
    ]
    assert len(ours) > 5
    assert all(isinstance(task, Timed) and task.time_limit for task in ours)


@pytest.fixture
def run(monkeypatch):
    """Call a task as a worker does; what it sends instead of running."""
    sent = []

    def call(task, *arguments, expires=None):
        monkeypatch.setattr(task, "apply_async", lambda **how: sent.append(how))
        task.push_request(called_directly=False, expires=expires)
        try:
            return task(*arguments), sent
        finally:
            task.pop_request()

    return call


def make_task(soft):
    def done():
        return "done"

    return current_app.task(
        done, name=f"test of {soft}", base=Timed, soft_time_limit=soft, time_limit=1600
    )


def test_long_tasks_leave_half_of_the_threads_to_the_others(run, monkeypatch):
    monkeypatch.setattr(deadlines, "PLACES_OF_LONG_ONES", threading.BoundedSemaphore(1))
    long, quick = make_task(1500), make_task(50)
    assert run(long) == ("done", [])
    assert run(long) == ("done", [])  # its place was given back

    with deadlines.PLACES_OF_LONG_ONES:
        assert run(quick) == ("done", [])
        done, sent = run(long, expires="2026-11-28T09:00:00+00:00")

    assert done is None
    (how,) = sent
    assert (how["countdown"], how["expires"].hour) == (deadlines.AGAIN, 9)


def test_the_place_of_a_long_task_that_fails_is_given_back(run, monkeypatch):
    monkeypatch.setattr(deadlines, "PLACES_OF_LONG_ONES", threading.BoundedSemaphore(1))
    broken = make_task(540)
    monkeypatch.setattr(broken, "run", lambda: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            run(broken)
