"""The door's own connections, one pool for each running event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from django.db import connections
from django.utils.translation import gettext as _
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from records.fhir.work import Work, adapt
from telemed.core.errors import Unavailable

T = TypeVar("T")
SIZE = 16
WAIT = 5.0  # seconds for a free connection
# Every statement of the store is written so that one plan fits all; planning would cost more than
# running it. What is off is what such a statement must never be tempted by: it says which index it
# follows by naming that index's order, which without sorting that index alone can give.
OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "plan_cache_mode=force_generic_plan",
        "enable_hashjoin=off",
        "enable_mergejoin=off",
        "enable_seqscan=off",
        "enable_sort=off",
        "enable_incremental_sort=off",
        "jit=off",
        "max_parallel_workers_per_gather=0",
        "statement_timeout=10000",
        "application_name=telemed-fhir",
    )
)
STATEMENTS = 500  # prepared ones a connection keeps

_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncConnectionPool[Any]] = WeakKeyDictionary()


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    connection.prepared_max = STATEMENTS
    adapt(connection)


def _parameters() -> dict[str, Any]:
    """As Django connects, to the database of the tests too."""
    settings = connections["default"].settings_dict
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    given = {ours: settings[theirs] for theirs, ours in names.items() if settings[theirs]}
    options = {k: v for k, v in settings["OPTIONS"].items() if k not in ("pool", "options")}
    return {**options, **given, "autocommit": True, "prepare_threshold": 0, "options": OPTIONS}


async def _pool() -> AsyncConnectionPool[Any]:
    loop = asyncio.get_running_loop()
    pool = _pools.get(loop)
    if pool is None:
        pool = _pools[loop] = AsyncConnectionPool(
            kwargs=_parameters(),
            configure=_configure,
            min_size=1,
            max_size=SIZE,
            timeout=WAIT,
            open=False,
        )
        await pool.open()
    return pool


async def close() -> None:
    """The pool of the running loop; the next request opens another."""
    pool = _pools.pop(asyncio.get_running_loop(), None)
    if pool is not None:
        await pool.close()


@asynccontextmanager
async def _cursor() -> AsyncIterator[psycopg.AsyncCursor[Any]]:
    """A connection that commits by itself, so giving it back needs no more than that."""
    pool = await _pool()
    try:
        connection = await pool.getconn()
        try:
            yield connection.cursor(binary=True)
        finally:
            await pool.putconn(connection)
    except (PoolTimeout, psycopg.OperationalError) as error:
        if isinstance(error, psycopg.errors.QueryCanceled):
            text = _("This took too long and was stopped; ask for less.")
        else:
            text = _("The database does not answer; try again later.")
        raise Unavailable(text) from error


async def run(work: Work[T], *, transaction: bool = False) -> T:
    """Drive it on one connection; with `transaction`, all its statements stand or fall together."""
    async with _cursor() as cursor:
        if not transaction:
            return await _drive(cursor, work)
        async with cursor.connection.transaction():
            return await _drive(cursor, work)


async def _drive(cursor: psycopg.AsyncCursor[Any], work: Work[T]) -> T:
    try:
        ask = next(work)
        while True:
            rows: list[tuple[Any, ...]] = []
            if ask is None:
                await asyncio.sleep(0)
            else:
                await cursor.execute(ask.sql, ask.values)
                # Not its `description`, which is made anew for everyone who asks.
                shows = cursor.pgresult is not None and cursor.pgresult.nfields
                rows = await cursor.fetchall() if shows else []
            ask = work.send(rows)
    except StopIteration as end:
        return end.value


async def insist(
    make: Callable[[int], Work[T]], *, transaction: Callable[[int], bool], attempts: int = 5
) -> T:
    """Drive work that another writer may spoil, each turn from its beginning."""
    from records.fhir.writing import Lost

    for turn in range(attempts - 1):
        try:
            return await run(make(turn), transaction=transaction(turn))
        except (Lost, psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected):
            continue
    return await run(make(attempts - 1), transaction=transaction(attempts - 1))
