"""The line to PostgreSQL, whose other end may stand still without being gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import psycopg
from psycopg.pq import TransactionStatus

SPARE = 5.0  # seconds over a statement's own limit, which the server sees to while it lives


class Line(psycopg.Connection[Any]):
    """
    One that is not waited for without end. The kernel of a database that stands still goes on
    answering for it, so that no limit of TCP notices, and its statement_timeout stands still too.
    """

    longest: ClassVar[float | None] = None  # seconds; None: a command may take its time
    extended = 0.0

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is None and self.longest is not None:
            timeout = max(self.longest, self.extended)
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # the answer would come to the next one's question
            raise


@contextmanager
def expecting(line: object, timeout_ms: int) -> Iterator[None]:
    """What is asked in here may take as long as the server lets it."""
    if not isinstance(line, Line):
        yield
        return
    line.extended = timeout_ms / 1000 + SPARE
    try:
        yield
    finally:
        line.extended = 0.0
