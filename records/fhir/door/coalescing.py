"""
Reads that wait for the database together go there together.

A caller's reads of one type share a statement, and so one commit for all their audit rows. Nobody
waits for company: only while two such statements are on their way do the next ones gather.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from records.fhir import reading
from records.fhir.callers import Caller
from records.fhir.door import pool
from records.fhir.reading import Stored

ABREAST = 2  # statements of one group at a time
TOGETHER = 64  # reads in one statement
Group = tuple[Caller, str]
Waiting = tuple[str, asyncio.Future[Stored | None]]


@dataclass
class _Queue:
    waiting: deque[Waiting] = field(default_factory=deque)
    running: set[asyncio.Task[None]] = field(default_factory=set)


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Group, _Queue]] = WeakKeyDictionary()


async def read(caller: Caller, resource_type: str, fhir_id: str) -> Stored:
    """The current version. Raises NotFound, or Gone."""
    loop = asyncio.get_running_loop()
    queues = _queues.setdefault(loop, {})
    group = (caller, resource_type)
    queue = queues.setdefault(group, _Queue())
    answer: asyncio.Future[Stored | None] = loop.create_future()
    queue.waiting.append((fhir_id, answer))
    if len(queue.running) < ABREAST:
        task = loop.create_task(_serve(queues, group, queue))
        queue.running.add(task)
    return reading.found(await answer, f"{resource_type}/{fhir_id}")


async def _serve(queues: dict[Group, _Queue], group: Group, queue: _Queue) -> None:
    """Answer until nobody of the group waits; the queue goes with its last task."""
    try:
        while queue.waiting:
            count = min(len(queue.waiting), TOGETHER)
            batch = [queue.waiting.popleft() for _one in range(count)]
            await _answer(group, batch)
    finally:
        queue.running.discard(asyncio.current_task())
        if not queue.running and queues.get(group) is queue and not queue.waiting:
            del queues[group]


async def _answer(group: Group, batch: list[Waiting]) -> None:
    try:
        stored = await pool.run(reading.read_many(*group, [fhir_id for fhir_id, _a in batch]))
    except Exception as error:  # noqa: BLE001  each of them is told; none is left waiting
        for _fhir_id, answer in batch:
            if not answer.done():
                answer.set_exception(error)
        return
    for place, (_fhir_id, answer) in enumerate(batch):
        if not answer.done():
            answer.set_result(stored.get(place))
