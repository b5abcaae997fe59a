"""
Log lines: time, level, component, message, as key=value on one line.

Nothing about a person goes into them. Messages carry ids; of an exception only its kind and the
places it passed are written, because its text may repeat what somebody typed or a row's values.
"""

import json
import logging
import traceback
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def record(*, at: datetime, level: str, component: str, message: str, **more: str) -> str:
    """time=… level=… component=… message="…"; quoting is JSON's."""
    pairs = {"time": at.isoformat(timespec="milliseconds"), "level": level, "component": component}
    quoted = {"message": message, **more}
    return " ".join(
        [f"{name}={value}" for name, value in pairs.items()]
        + [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in quoted.items()]
    )


class Line(logging.Formatter):
    """The formatter of every handler."""

    def format(self, entry: logging.LogRecord) -> str:
        at = timezone.localtime(
            datetime.fromtimestamp(entry.created, tz=timezone.get_default_timezone())
        )
        more = {}
        if entry.exc_info and entry.exc_info[1]:
            error = entry.exc_info[1]
            more = {"error": type(error).__qualname__, "trace": places(error)}
        return record(
            at=at,
            level=entry.levelname.lower(),
            component=entry.name,
            message=_message(entry),
            **more,
        )


def _message(entry: logging.LogRecord) -> str:
    """Celery writes the exception's text into its message; say the task and its id instead."""
    task = getattr(entry, "data", None)
    if entry.name == "celery.app.trace" and isinstance(task, dict):
        return f"Task {task.get('name')} {task.get('id')} {task.get('description', '')}".strip()
    return entry.getMessage()


def places(error: BaseException) -> str:
    """telemed/core/clocks.py:120 _fire < …, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{_short(f.filename)}:{f.lineno} {f.name}" for f in reversed(frames))


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(settings.BASE_DIR):
        return str(path.relative_to(settings.BASE_DIR))
    return "/".join(path.parts[-3:])
