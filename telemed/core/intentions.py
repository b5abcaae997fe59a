"""One intention, one transaction. The only module that says `atomic`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from telemed.core import lines, moments
from telemed.core.errors import DomainError
from telemed.core.ids import new_id


class Actor(Protocol):
    """Who acts, and for whom: an account ("user:…"), an application, a part of the system."""

    @property
    def actor_id(self) -> str: ...

    @property
    def organisation_id(self) -> UUID | None: ...

    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class System:
    """The system itself, where no person acts."""

    name: str
    organisation_id: UUID | None = None
    role: str = "system"

    @property
    def actor_id(self) -> str:
        return f"system:{self.name}"


@dataclass(frozen=True, kw_only=True)
class Intention:
    actor: Actor
    door: str
    trace_id: UUID


_current: ContextVar[Intention | None] = ContextVar("intention", default=None)

# Whoever stands still in the middle holds locks that others wait for: not longer than this.
IDLE_MS = 60_000
CONTEXT = f"""
    SELECT set_config('statement_timeout', %s, true), set_config('telemed.actor', %s, true),
           set_config('telemed.trace', %s, true),
           set_config('idle_in_transaction_session_timeout', '{IDLE_MS}', true), clock_timestamp()
"""


@contextmanager
def intention(
    actor: Actor, *, door: str, trace_id: UUID | None = None, timeout_ms: int = 5_000
) -> Iterator[Intention]:
    """One durable transaction in which this actor does one thing. Only doors open it."""
    if _current.get():
        raise RuntimeError("An intention is already open; call the service inside it instead.")
    opened = Intention(actor=actor, door=door, trace_id=trace_id or new_id())
    with transaction.atomic(durable=True), lines.expecting(connection.connection, timeout_ms):
        with connection.cursor() as cursor:
            cursor.execute(CONTEXT, [str(timeout_ms), actor.actor_id, str(opened.trace_id)])
            moments.compare(cursor.fetchone()[-1])
        token = _current.set(opened)
        try:
            yield opened
        finally:
            _current.reset(token)  # before the commit: what runs on_commit is outside


def require_intention() -> Intention:
    """The open intention. Services call it first, so none can run half inside a transaction."""
    opened = _current.get()
    if opened is None or not connection.in_atomic_block:
        raise RuntimeError("Open an intention at the door: with intention(actor, door=…).")
    return opened


def current_intention() -> Intention | None:
    """The open intention, for what may also run without one."""
    return _current.get()


@contextmanager
def attempt() -> Iterator[None]:
    """What fails in it is undone alone: the intention around it goes on, with the next try."""
    require_intention()
    with transaction.atomic():
        yield


@contextmanager
def refusing(**refusals: DomainError) -> Iterator[None]:
    """Turn the violation of a named constraint into the refusal it stands for."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        refusal = refusals.get(getattr(diagnosis, "constraint_name", None) or "")
        if refusal is None:
            raise
        raise refusal from error
