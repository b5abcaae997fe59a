"""Identifiers. PostgreSQL 15 makes none that are ordered by time, so Python does."""

import os
import secrets
import threading
import time
from datetime import datetime
from uuid import UUID

EPOCH_BITS, PROCESS_BITS, COUNTER_BITS = 42, 10, 11


class _Sequence:
    """63-bit numbers: milliseconds (42), process (10), counter (11). None comes twice."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.restart()

    def restart(self) -> None:
        """After a fork both sides would otherwise count on from the same place."""
        self.process = secrets.randbits(PROCESS_BITS)
        self.millisecond, self.counter = 0, 0

    def next(self) -> int:
        with self.lock:
            now = max(time.time_ns() // 1_000_000, self.millisecond)
            if now > self.millisecond:
                self.counter = secrets.randbits(COUNTER_BITS - 1)
            else:
                self.counter += 1
                if self.counter >> COUNTER_BITS:
                    now, self.counter = now + 1, 0
            self.millisecond = now
            return (
                (now << (PROCESS_BITS + COUNTER_BITS))
                | (self.process << COUNTER_BITS)
                | (self.counter)
            )


_sequence = _Sequence()
os.register_at_fork(after_in_child=_sequence.restart)


def new_rid() -> int:
    """A record number of 63 bits, ordered by time."""
    return _sequence.next()


def new_id() -> UUID:
    """RFC 9562 version 8: 63 bits that number the record (`rid_of`) by time, 59 random."""
    return _uuid8(_sequence.next(), secrets.randbits(59))


def id_at(moment: datetime) -> UUID:
    """As if it had been made at that moment, so that it sorts there: for what is laid later."""
    milliseconds = int(moment.timestamp() * 1000)
    low = PROCESS_BITS + COUNTER_BITS
    return _uuid8((milliseconds << low) | secrets.randbits(low), secrets.randbits(59))


def rid_of(identifier: UUID) -> int | None:
    """The record number that one of our own ids carries; None for a foreign one."""
    if identifier.version != 8:
        return None
    value = identifier.int
    return ((value >> 80) << 15) | (((value >> 64) & 0xFFF) << 3) | ((value >> 59) & 0b111)


def _uuid8(rid: int, tail: int) -> UUID:
    head = ((rid >> 15) << 80) | (8 << 76) | (((rid >> 3) & 0xFFF) << 64)
    return UUID(int=head | (0b10 << 62) | ((rid & 0b111) << 59) | tail)
