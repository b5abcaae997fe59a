import logging
import re

import pytest

from telemed.core.logs import Line


def line(message, *arguments, exc_info=None, name="telemed.core", **extra):
    entry = logging.LogRecord(name, logging.ERROR, __file__, 1, message, arguments, exc_info)
    entry.__dict__.update(extra)
    return Line().format(entry)


def test_a_line_says_when_how_bad_where_and_what():
    assert re.fullmatch(
        r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00 level=error component=telemed\.core"
        r' message="Clock \\"7\\" did\\nnot fire"',
        line('Clock "%s" did\nnot fire', 7),
    )


def test_an_exception_is_its_kind_and_its_places_never_its_text():
    with pytest.raises(ValueError, match="张三") as caught:
        int("张三")
    said = line("It failed", exc_info=caught._excinfo)
    assert 'error="ValueError"' in said
    assert "tests/telemed/core/test_logs.py:" in said
    assert "张三" not in said


def test_a_failed_task_is_named_without_what_it_said():
    said = line(
        "Task %(name)s raised: %(exc)s",
        {"name": "x", "exc": "张三"},
        name="celery.app.trace",
        data={"name": "seal_audit_task", "id": "1", "description": "raised unexpected"},
    )
    assert 'message="Task seal_audit_task 1 raised unexpected"' in said
    assert "张三" not in said
