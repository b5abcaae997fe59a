"""What a load balancer and an operator ask: is it alive, is it ready?"""

import logging
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from telemed.audit import services as audit
from telemed.core import clocks, pulse
from telemed.core.intentions import System, intention

logger = logging.getLogger(__name__)

LATE = 60  # seconds; a clock that is due that long has no worker
SPARE = 100  # MB that have to be free; below it uploads are refused
KEPT = ("files", "recordings")
PROBE = System("probe")

Check = Callable[[], dict[str, object]]


@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """200 while the process answers; asks nobody else."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200, or 503, with each check's outcome: {"status", "checks": {name: {"ok", …}}}."""
    checks = {"database": _outcome("database", _database)}
    for name, check in CHECKS.items():
        waits = check in NEED_DATABASE and not checks["database"]["ok"]  # in vain, and for long
        checks[name] = {"ok": False} if waits else _outcome(name, check)
    ready = all(outcome["ok"] for outcome in checks.values())
    answer = {"status": "ready" if ready else "not ready", "checks": checks}
    return JsonResponse(answer, status=200 if ready else 503)


def _outcome(name: str, check: Check) -> dict[str, object]:
    try:
        return check()
    except Exception as error:
        logger.exception("Check %s failed", name)
        return {"ok": False, "error": type(error).__name__}


def _database() -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def _migrations() -> dict[str, object]:
    missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return {"ok": not missing, "missing": len(missing)}


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Those of this program; they change with it."""
    return frozenset(MigrationLoader(None).disk_migrations)


class _NotKept(Exception):
    """Undoes the probe's own row."""


def _audit() -> dict[str, object]:
    """Whether the trace can be written: where it can't, nothing may happen."""
    try:
        with intention(PROBE, door="probe"):
            audit.record(action="probe", target="System/readiness")
            raise _NotKept
    except _NotKept:
        return {"ok": True}


def _doorbells() -> dict[str, object]:
    return {"ok": pulse.answers()}


def _broker() -> dict[str, object]:
    with current_app.connection_for_read(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return {"ok": True}


def _worker() -> dict[str, object]:
    alive, stuck = pulse.is_shown(), pulse.stuck()
    return {"ok": alive and not stuck, **({"stuck": stuck} if stuck else {})}


def _clocks() -> dict[str, object]:
    overdue = clocks.oldest_overdue()
    seconds = int(overdue.total_seconds()) if overdue else 0
    return {"ok": seconds < LATE, "oldest_due_seconds": seconds}


def _disk() -> dict[str, object]:
    """Of each place below the data folder that may be a disk of its own."""
    data = Path(settings.DATA_DIR)
    places = [data, *(place for name in KEPT if (place := data / name).exists())]
    free = min(shutil.disk_usage(place).free for place in places) >> 20
    return {"ok": free >= SPARE, "free_mb": free}


CHECKS: dict[str, Check] = {
    "migrations": _migrations,
    "audit": _audit,
    "doorbells": _doorbells,
    "broker": _broker,
    "worker": _worker,
    "clocks": _clocks,
    "disk": _disk,
}
NEED_DATABASE = {_migrations, _audit, _clocks}
